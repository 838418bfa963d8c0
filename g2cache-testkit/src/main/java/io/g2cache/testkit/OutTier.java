package io.g2cache.testkit;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An out tier under test whose calls are waited for. Thread-safe where the tier is.
 *
 * @param cache the tier
 */
record OutTier(OutCache cache) implements AutoCloseable {
    static final KeySpace KEYS = new KeySpace("contract", 4);

    /** The machine's time, whose reading takes a changing while: that widens the windows of races. */
    private static final TimeSource SLOW = new TimeSource() {
        @Override
        public long wallMillis() {
            Race.spin(ThreadLocalRandom.current().nextInt(1_000));
            return TimeSource.SYSTEM.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            return TimeSource.SYSTEM.monotonicNanos();
        }
    };

    private static final long SOFT = 1_900_000_000_000L;
    private static final long HARD = SOFT + 60_000;

    static OutTier open(
            OutCacheProvider provider, String namespace, String cache, String generation, Executor executor) {
        return new OutTier(
                provider.open(new OutContext(namespace, cache, generation, Duration.ofHours(1), executor, SLOW)));
    }

    static OutLedger ledger(OutCacheProvider provider, String namespace, String generation) {
        OutContext context = new OutContext(namespace, "", generation, Duration.ofHours(1), Runnable::run, SLOW);
        return provider.ledger(context, (since, reason) -> {});
    }

    static EncodedKey key(String key) {
        return KEYS.key(key.getBytes(StandardCharsets.UTF_8));
    }

    static Entry value(long version, String value) {
        return Entry.value(version, SOFT, HARD, value.getBytes(StandardCharsets.UTF_8));
    }

    static Entry absent(long version) {
        return Entry.absent(version, SOFT, HARD);
    }

    OutSlot read(EncodedKey key) {
        return Race.await(cache.read(key));
    }

    OutSlot lease(EncodedKey key) {
        return Race.await(cache.lease(key));
    }

    boolean fill(EncodedKey key, OutSlot lease, Entry entry) {
        return Race.await(cache.fill(key, lease, entry));
    }

    boolean apply(EncodedKey key, Entry entry) {
        return Race.await(cache.apply(key, entry));
    }

    boolean applyEarly(EncodedKey key, Entry entry) {
        return Race.await(cache.applyEarly(key, entry));
    }

    boolean confirm(EncodedKey key, OutSlot slot) {
        return Race.await(cache.confirm(key, slot));
    }

    /** What a load would start with: what is held, or a new lease. */
    OutSlot readOrLease(EncodedKey key) {
        OutSlot held = read(key);
        return held.kind() == OutSlot.Kind.EMPTY ? lease(key) : held;
    }

    @Override
    public void close() {
        cache.close();
    }
}
