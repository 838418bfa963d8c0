package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a write has made old is never read after it, while readers bring values in and evictions drop them. */
class HotLayerRaceTest {
    private static final int KEYS = 24;
    private static final int ENTRIES = 16;
    private static final int WRITES = 60_000;
    private static final int READERS = 3;

    private final ExecutorService executor = Executors.newFixedThreadPool(READERS + 1);

    @Test
    @Timeout(120)
    void noReadIsOlderThanTheLastWriteBeforeIt() throws Exception {
        try (Tier<Long> tier = new Tier<>(Codecs.int64(), 2, ENTRIES, 100, 1_000, ENTRIES)) {
            AtomicLongArray least = new AtomicLongArray(KEYS);
            AtomicBoolean done = new AtomicBoolean();
            List<Future<Long>> readers = new ArrayList<>();
            for (int r = 0; r < READERS; r++) {
                Random random = new Random(r);
                readers.add(executor.submit(() -> read(tier, least, done, random)));
            }
            try {
                write(tier, least);
            } finally {
                done.set(true);
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
            }
            tier.assertConsistent();
        } finally {
            executor.shutdownNow();
        }
    }

    private static void write(Tier<Long> tier, AtomicLongArray least) {
        Random random = new Random(99);
        for (long version = 1; version <= WRITES; version++) {
            int key = random.nextInt(KEYS);
            if (random.nextInt(4) == 0) {
                tier.cache.remove(tier.key(key), version);
            } else {
                tier.apply(key, version, version);
            }
            least.set(key, version);
        }
    }

    private static long read(Tier<Long> tier, AtomicLongArray least, AtomicBoolean done, Random random) {
        long hits = 0;
        while (!done.get()) {
            int key = random.nextInt(KEYS);
            long before = least.get(key);
            Long value = tier.get(key);
            if (value != null) {
                assertThat(value).as("key %d", key).isGreaterThanOrEqualTo(before);
                hits++;
            }
        }
        return hits;
    }
}
