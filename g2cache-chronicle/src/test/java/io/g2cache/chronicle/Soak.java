package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Admission;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Writers, readers, removals, clears, expiry and sweeps on one full tier for a while, and samples of what it takes. One
 * thread samples; the tier's time is the time since the start, from {@link Tier#NOW} on.
 */
final class Soak {
    private static final int WRITERS = 2;
    private static final int READERS = 1;
    private static final long MOST_LIFETIME_MILLIS = 20_000;

    private final Tier<byte[]> tier;
    private final Duration duration;
    private final int samples;
    private final LongSupplier fileBytes;
    private final int keys;
    private final long start = TimeSource.SYSTEM.monotonicNanos();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicLong version = new AtomicLong();
    private final LongAdder steps = new LongAdder();

    /**
     * What was seen at one moment.
     *
     * @param seconds since the start
     * @param heldBytes off the heap, by the tier's own account
     * @param heapBytes after a collection
     * @param residentBytes of the process; -1 where the system does not tell
     */
    record Sample(double seconds, long entries, long heldBytes, long heapBytes, long residentBytes, long fileBytes) {}

    /** {@code fileBytes} tells the size of the tier's file, 0 if it has none. */
    Soak(Tier<byte[]> tier, Duration duration, int samples, LongSupplier fileBytes) {
        this.tier = tier;
        this.duration = duration;
        this.samples = samples;
        this.fileBytes = fileBytes;
        keys = (int) (4 * tier.cache.geometry.maximumEntries());
    }

    /** Checks the caps in every sample and every value that is read. */
    List<Sample> run() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
        try {
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < WRITERS + READERS; i++) {
                Random random = new Random(i);
                boolean isWriter = i < WRITERS;
                users.add(threads.submit(() -> use(random, isWriter)));
            }
            List<Sample> taken = new ArrayList<>();
            try {
                for (int i = 1; i <= samples; i++) {
                    waitUntil(duration.toNanos() / samples * i);
                    taken.add(sample());
                }
            } finally {
                stopped.countDown();
            }
            for (Future<?> user : users) {
                user.get(30, TimeUnit.SECONDS);
            }
            assertThat(steps.sum()).isGreaterThan(samples * 100L);
            assertThat(tier.cache.evictions()).isPositive();
            tier.assertConsistent();
            return taken;
        } finally {
            threads.shutdownNow();
        }
    }

    private void waitUntil(long nanosSinceStart) throws InterruptedException {
        long rest = start + nanosSinceStart - TimeSource.SYSTEM.monotonicNanos();
        assertThat(stopped.await(rest, TimeUnit.NANOSECONDS)).isFalse();
    }

    private long now() {
        return Tier.NOW + TimeUnit.NANOSECONDS.toMillis(TimeSource.SYSTEM.monotonicNanos() - start);
    }

    private void use(Random random, boolean isWriter) {
        while (stopped.getCount() > 0) {
            long key = (long) (Math.pow(random.nextDouble(), 3) * keys);
            if (isWriter) {
                write(key, random);
            } else {
                LocalEntry<byte[]> found = tier.find(key);
                if (found != null) {
                    CheckedValue.check(key, found.version(), found.value());
                }
                tier.cache.get(key, now());
            }
            steps.increment();
        }
    }

    private void write(long key, Random random) {
        long next = version.incrementAndGet();
        int choice = random.nextInt(100_000);
        if (choice < 45_000) {
            tier.cache.fill(tier.key(key), entry(key, next, random), Admission.ALWAYS);
        } else if (choice < 90_000) {
            tier.cache.apply(tier.key(key), entry(key, next, random), Admission.ALWAYS);
        } else if (choice < 97_000) {
            tier.cache.remove(tier.key(key), next);
        } else if (choice < 99_900) {
            tier.cache.discard(tier.key(key));
        } else if (choice < 99_998) {
            tier.cache.cleanUp(now());
        } else {
            tier.floors.set(random.nextInt(Tier.PARTITIONS), next);
        }
    }

    /** Mostly small; one in ten thousand of any size up to the limit. */
    private Entry entry(long key, long next, Random random) {
        int most = random.nextInt(10_000) == 0 ? tier.maximumPayload() - CheckedValue.LEAST_BYTES : 400;
        long deadline = now() + random.nextLong(MOST_LIFETIME_MILLIS);
        byte[] value = CheckedValue.of(key, next, random.nextInt(most + 1), random);
        return Entry.value(next, deadline, deadline, tier.format.encode(value));
    }

    private Sample sample() throws IOException {
        Geometry geometry = tier.cache.geometry;
        long entries = tier.cache.map.longSize();
        long freeChunks = 0;
        for (Segment segment : tier.cache.segments) {
            assertThat(segment.freeChunks()).isBetween(0L, (long) geometry.segmentChunks());
            freeChunks += segment.freeChunks();
        }
        long chunks = (long) geometry.segments() * geometry.segmentChunks();
        assertThat(entries).isLessThanOrEqualTo(geometry.maximumEntries());
        assertThat(tier.cache.estimatedSize()).isLessThanOrEqualTo(geometry.maximumEntries());
        System.gc();
        return new Sample(
                (TimeSource.SYSTEM.monotonicNanos() - start) / 1e9,
                entries,
                (chunks - freeChunks) * geometry.chunkBytes(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                residentBytes(),
                fileBytes.getAsLong());
    }

    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(-1);
    }
}
