package io.g2cache.hazelcast;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What tests against real members share. */
final class Tier {
    /** Deadlines that a noisy machine keeps. */
    static final OutOptions PATIENT =
            OutOptions.DEFAULTS.withReadTimeout(Duration.ofSeconds(10)).withWriteTimeout(Duration.ofSeconds(10));

    static final Duration GARBAGE_AFTER = Duration.ofHours(1);

    private static final KeySpace KEYS = new KeySpace("cache", 4);

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
