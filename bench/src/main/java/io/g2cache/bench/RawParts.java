package io.g2cache.bench;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Log and out tier without the engine: what a write costs at least. Thread-safe. */
final class RawParts implements AutoCloseable {
    private static final String CACHE = "raw";
    private static final long DEADLINE_SECONDS = 10;
    private static final int THREADS = 2;
    private static final Duration LIFETIME = Duration.ofDays(1);

    private final String origin = UUID.randomUUID().toString();
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, RawParts::daemon);
    private final OutCacheProvider outProvider;
    private final SyncLog log;
    private final OutCache out;
    private final KeySpace keySpace;
    private final long deadline = TimeSource.SYSTEM.wallMillis() + LIFETIME.toMillis();

    RawParts(Deployment deployment) {
        outProvider = deployment.out();
        log = deployment
                .log()
                .open(new LogContext(
                        "bench-raw", origin, Duration.ofDays(7), Duration.ofMinutes(1), 2 << 20, TimeSource.SYSTEM));
        out = outProvider.open(
                new OutContext("bench-raw", CACHE, log.generation(), LIFETIME, executor, TimeSource.SYSTEM));
        keySpace = new KeySpace(CACHE, log.partitions());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "g2cache-bench-raw");
        thread.setDaemon(true);
        return thread;
    }

    /** Appends an invalidation and then puts the value into the out tier, as the writer of a put does. */
    boolean put(String key, byte[] value) throws ExecutionException, InterruptedException, TimeoutException {
        EncodedKey encoded = encoded(key);
        long version = append(encoded, new Event.Invalidate(CACHE, encoded.bytes(), origin));
        return apply(encoded, Entry.value(version, deadline, deadline, LocalTier.stored(value)));
    }

    /** Appends the value and then puts it into the out tier, as the writer of a put does that publishes it. */
    boolean publish(String key, byte[] value) throws ExecutionException, InterruptedException, TimeoutException {
        EncodedKey encoded = encoded(key);
        Entry entry = Entry.value(0, deadline, deadline, LocalTier.stored(value));
        long version = append(encoded, new Event.Put(CACHE, encoded.bytes(), origin, entry));
        return apply(encoded, entry.withVersion(version));
    }

    /** Appends an invalidation and then puts its tombstone into the out tier. */
    boolean invalidate(String key) throws ExecutionException, InterruptedException, TimeoutException {
        EncodedKey encoded = encoded(key);
        long version = append(encoded, new Event.Invalidate(CACHE, encoded.bytes(), origin));
        return apply(encoded, Entry.tombstone(version));
    }

    private EncodedKey encoded(String key) {
        return keySpace.key(key.getBytes(StandardCharsets.UTF_8));
    }

    private long append(EncodedKey key, Event event) throws ExecutionException, InterruptedException, TimeoutException {
        return log.append(key.partition(), event).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private boolean apply(EncodedKey key, Entry entry)
            throws ExecutionException, InterruptedException, TimeoutException {
        return out.apply(key, entry).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        out.close();
        outProvider.close();
        log.close();
        executor.shutdownNow();
    }
}
