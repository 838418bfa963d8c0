package io.g2cache.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** What tests against real members share. */
final class Tier {
    /** Deadlines that a noisy machine keeps. */
    static final OutOptions PATIENT =
            OutOptions.DEFAULTS.withReadTimeout(Duration.ofSeconds(10)).withWriteTimeout(Duration.ofSeconds(10));

    static final Duration GARBAGE_AFTER = Duration.ofHours(1);

    private static final KeySpace KEYS = new KeySpace("cache", 4);

    private static final int MANY = 5_000;

    private Tier() {}

    static OutContext context(String cache) {
        return new OutContext("it", cache, "g1", GARBAGE_AFTER, Runnable::run, TimeSource.SYSTEM);
    }

    static OutCache open(OutCacheProvider provider, String cache) {
        return provider.open(context(cache));
    }

    static EncodedKey key(String text) {
        return KEYS.key(bytes(text));
    }

    static Entry value(long version, String content) {
        return Entry.value(version, 1, 2, bytes(content));
    }

    /** Waits until a client has found its servers. */
    static void awaitConnected(HazelcastOut out) {
        try (OutCache cache = open(out, "connected")) {
            eventually(() -> cache.read(key("a")));
        }
    }

    /** Keys that the cluster keeps at this port, as the member or client knows it. */
    static List<EncodedKey> keysAt(HazelcastInstance instance, int port, int count) {
        // a client that has no partition table yet asks its cluster anew at each question, thousands of times at once
        Awaitility.await()
                .until(() -> instance.getPartitionService()
                                .getPartitions()
                                .iterator()
                                .next()
                                .getOwner()
                        != null);
        return IntStream.range(0, MANY)
                .mapToObj(i -> key("key-" + i))
                .filter(key -> {
                    Member owner = instance.getPartitionService()
                            .getPartition(key.bytes())
                            .getOwner();
                    return owner != null && owner.getAddress().getPort() == port;
                })
                .limit(count)
                .toList();
    }

    /** The error that a call ends with, which it must do within a few times its deadline. */
    static Throwable failure(CompletableFuture<?> call) {
        return Objects.requireNonNull(
                call.handle((value, error) -> error)
                        .completeOnTimeout(new AssertionError("still running"), 10, TimeUnit.SECONDS)
                        .join(),
                "the call succeeded");
    }

    /** Waits until calls succeed again. */
    static <T> T eventually(Supplier<CompletableFuture<T>> call) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> call.get().get(30, TimeUnit.SECONDS), Objects::nonNull);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
