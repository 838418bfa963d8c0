package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidKeyException;
import io.g2cache.InvalidValueException;
import io.g2cache.LoadException;
import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import io.g2cache.PublishMode;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User code that does what it must not: its callers are told, nothing is stored, and the next call works. */
@Timeout(60)
class HostileLoadersTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static final class OwnError extends Error {
        private static final long serialVersionUID = 1L;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static List<G2Cache<String, String>> caches(G2Node node) {
        return List.of(
                node.cache(Rig.named("own-thread").build()),
                node.cache(Rig.named("bounded").boundedLoads(true).build()));
    }

    @Test
    void whateverIsThrownReachesAllWhoWaitAndTheNextReadLoadsAgain() throws Exception {
        List<Throwable> all = List.of(
                new StackOverflowError(),
                new OutOfMemoryError("a test"),
                new AssertionError("a test"),
                new OwnError(),
                new IOException("sneaky"));
        for (G2Cache<String, String> cache : caches(rig.withAll())) {
            for (Throwable thrown : all) {
                CountDownLatch started = new CountDownLatch(1);
                CountDownLatch go = new CountDownLatch(1);
                CacheLoader<String, String> throwing = key -> {
                    started.countDown();
                    Rig.await(go);
                    throw HostileLoadersTest.<RuntimeException>sneaky(thrown);
                };
                CompletableFuture<String> first = rig.start(() -> cache.get("a", throwing));
                Rig.await(started);
                List<CompletableFuture<String>> reads =
                        List.of(first, cache.getAsync("a", throwing), cache.getAsync("a", throwing));
                go.countDown();
                for (CompletableFuture<String> read : reads) {
                    assertThat(Rig.failure(read))
                            .isInstanceOf(LoadException.class)
                            .hasCause(thrown);
                }
                assertThatThrownBy(() -> cache.getAll(List.of("a", "b"), keys -> {
                            throw HostileLoadersTest.<RuntimeException>sneaky(thrown);
                        }))
                        .isInstanceOf(LoadException.class)
                        .hasCause(thrown);
                assertThat(cache.get("a")).isNull();
                assertThat(cache.get("a", key -> "well")).isEqualTo("well");
                cache.invalidate("a");
            }
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void bulkLoadersOfTheWrongTypesStoreNothing() {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        Map<Object, Object> wrongValue = Map.of("a", 17);
        assertThatThrownBy(() -> cache.getAll(List.of("a"), (BulkCacheLoader) keys -> wrongValue))
                .isInstanceOf(LoadException.class)
                .hasStackTraceContaining("cities")
                .hasStackTraceContaining("java.lang.Integer")
                .hasStackTraceContaining("java.lang.String");
        assertThatThrownBy(() -> cache.getAll(List.of("a"), (BulkCacheLoader) keys -> null))
                .isInstanceOf(LoadException.class);
        Map<Object, Object> wrongKeys = new HashMap<>();
        wrongKeys.put(17, "x");
        wrongKeys.put(null, "y");
        wrongKeys.put("a", null);
        assertThat(cache.getAll(List.of("a"), (BulkCacheLoader) keys -> wrongKeys))
                .isEmpty();
        assertThatThrownBy(() -> ((G2Cache) cache).put("a", 17))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("cities")
                .hasStackTraceContaining("java.lang.Integer");
        assertThatThrownBy(() -> ((G2Cache) cache).get(17))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("java.lang.Integer");
        assertThat(cache.get("a")).isNull();
        assertThat(cache.estimatedSize()).isZero();
    }

    @Test
    void aLoaderMayCloseItsNode() throws Exception {
        for (boolean bounded : List.of(false, true)) {
            G2Node node = rig.withAll();
            G2Cache<String, String> cache =
                    node.cache(Rig.spec().boundedLoads(bounded).build());
            CompletableFuture<String> read = rig.start(() -> cache.get("bounded=" + bounded, key -> {
                node.close(Duration.ofMillis(20));
                return "late";
            }));
            CompletableFuture<Object> outcome = read.handle((value, failure) -> value == null ? failure : value);
            assertThat(Rig.get(outcome))
                    .satisfiesAnyOf(
                            value -> assertThat(value).isEqualTo("late"),
                            failure -> assertThat(failure).isInstanceOf(NodeClosedException.class));
            assertThat(node.status().state()).isEqualTo(NodeState.CLOSED);
        }
    }

    /** Text, whose encoding or decoding throws where the text asks for it. */
    private static final class Exploding implements Codec<String> {
        private final Codec<String> text = Codecs.string();

        @Override
        public String id() {
            return "bomb";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(String value) {
            if (value.startsWith("encode")) {
                throw new StackOverflowError(value);
            }
            return text.encode(value);
        }

        @Override
        public String decode(ByteBuffer view) {
            String value = text.decode(view);
            if (value.startsWith("decode")) {
                throw new StackOverflowError(value);
            }
            return value;
        }
    }

    @Test
    void errorsOfCodecsReachTheirCallersAndNoThreadOfANode() throws Exception {
        CacheSpec<String, String> spec = CacheSpec.builder("bombs", Codecs.string(), new Exploding())
                .publish(PublishMode.VALUE)
                .build();
        G2Cache<String, String> cache = rig.withAll().cache(spec);
        G2Node other = rig.peer();
        G2Cache<String, String> peer = other.cache(spec);
        cache.put("a", "good");
        assertThatThrownBy(() -> cache.put("a", "encode")).isNotNull();
        assertThatThrownBy(() -> cache.get("b", key -> "encode")).isNotNull();
        assertThat(Rig.failure(cache.getAsync("b", key -> "encode"))).isNotNull();
        assertThat(cache.get("a")).as("what was refused has changed nothing").isEqualTo("good");
        for (String key : Arrays.asList("a", "b", "c")) {
            try {
                cache.put(key, "decode");
            } catch (StackOverflowError | RuntimeException e) {
                assertThat(e).as("the writer's own tier may decode").isNotNull();
            }
        }
        var last = cache.put("z", "good");
        other.awaitToken(last, Rig.DEADLINE);
        assertThat(peer.get("z")).as("the peer's tailer goes on").isEqualTo("good");
        assertThat(cache.get("b", key -> "well")).isIn("well", null, "good");
    }
}
