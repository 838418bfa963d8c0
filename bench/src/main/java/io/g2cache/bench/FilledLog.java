package io.g2cache.bench;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A log of our own that is filled with puts of values of 100 bytes, as fast as it takes them. Used by one thread. */
final class FilledLog implements AutoCloseable {
    static final String CACHE = "replayed";
    private static final int MOST_UNACKNOWLEDGED = 20_000;
    private static final String ORIGIN = "bench";

    private final SyncLog log;
    private final KeySpace keys;
    private final ValueFormat<byte[]> format = new ValueFormat<>(Codecs.bytes());
    private final Random random = new Random(1);

    FilledLog(SyncLogProvider provider, String namespace) {
        log = provider.open(new LogContext(
                namespace, ORIGIN, Duration.ofDays(7), Duration.ofMinutes(1), 2 << 20, TimeSource.SYSTEM));
        keys = new KeySpace(CACHE, log.partitions());
    }

    /** The log. */
    SyncLog log() {
        return log;
    }

    /** Appends puts to random keys below the given number. */
    void append(int events, int ofKeys) throws Exception {
        Queue<CompletableFuture<Long>> unacknowledged = new ArrayDeque<>();
        long hard = TimeSource.SYSTEM.wallMillis() + TimeUnit.DAYS.toMillis(1);
        for (int i = 0; i < events; i++) {
            byte[] value = new byte[Workload.VALUE_BYTES];
            random.nextBytes(value);
            EncodedKey key = keys.key(Codecs.int64().encode((long) random.nextInt(ofKeys)));
            Entry entry = Entry.value(0, hard, hard, format.encode(value));
            unacknowledged.add(log.append(key.partition(), new Event.Put(CACHE, key.bytes(), ORIGIN, entry)));
            if (unacknowledged.size() > MOST_UNACKNOWLEDGED) {
                unacknowledged.remove().get(30, TimeUnit.SECONDS);
            }
        }
        for (CompletableFuture<Long> last : unacknowledged) {
            last.get(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
