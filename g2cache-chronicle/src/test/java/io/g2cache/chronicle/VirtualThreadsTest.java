package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.codec.Codecs;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Only where the JDK has virtual threads: 21 and later. */
@Timeout(120)
class VirtualThreadsTest {
    private static final int THREADS = 20_000;
    private static final int KEYS = 500;

    private ExecutorService executor;

    @BeforeEach
    void needsVirtualThreads() throws Exception {
        Method found = Stream.of(Executors.class.getMethods())
                .filter(method -> method.getName().equals("newVirtualThreadPerTaskExecutor"))
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(found != null, "virtual threads");
        executor = (ExecutorService) found.invoke(null);
    }

    private static int contexts(Tier<?> tier) {
        return ((VanillaChronicleHash<?, ?, ?, ?>) tier.cache.map).allContexts().size();
    }

    @Test
    void theyReadAndWriteWithoutAContextForEach() throws Exception {
        try (Tier<Long> tier = new Tier<>(Codecs.int64(), 8, 1_000, 100, 1_000, 50)) {
            for (long k = 0; k < KEYS; k++) {
                tier.fill(k, 1, k);
            }
            int contexts = contexts(tier);
            List<Future<?>> users = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                long key = t % KEYS;
                int version = 2 + t / KEYS;
                users.add(executor.submit(() -> use(tier, key, version)));
            }
            for (Future<?> user : users) {
                user.get(60, TimeUnit.SECONDS);
            }
            for (long k = 0; k < KEYS; k++) {
                assertThat(tier.find(k).version()).isEqualTo(1 + THREADS / KEYS);
                assertThat(tier.get(k)).isEqualTo(k);
            }
            assertThat(contexts(tier) - contexts).isBetween(1, PlatformThreads.MOST);
            assertThat(Scratch.pooled())
                    .isBetween(1, Math.max(16, 4 * Runtime.getRuntime().availableProcessors()));
            tier.assertConsistent();
        } finally {
            executor.shutdownNow();
        }
    }

    private static void use(Tier<Long> tier, long key, int version) {
        assertThat(VirtualThreads.isVirtual()).isTrue();
        assertThat(tier.get(key)).isEqualTo(key);
        tier.apply(key, version, key);
        assertThat(tier.find(key).version()).isGreaterThanOrEqualTo(version);
        assertThat(tier.get(key)).isEqualTo(key);
    }

    @Test
    void whatAWriteThrowsReachesThem() throws Exception {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 10, 100)) {
            Future<?> user = executor.submit(() -> {
                assertThatThrownBy(() -> tier.apply(1, 1, new byte[tier.maximumPayload() + 1]))
                        .isInstanceOf(TierException.class)
                        .hasMessageContaining("limit=");
                Thread.currentThread().interrupt();
                assertThat(tier.fill(1, 1, new byte[1])).isTrue();
                assertThat(Thread.interrupted()).isTrue();
                tier.cache.discard(tier.key(1));
                assertThat(tier.find(1)).isNull();
                tier.cache.cleanUp(Tier.NOW);
                tier.cache.discardAll();
            });
            user.get(30, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
        }
    }
}
