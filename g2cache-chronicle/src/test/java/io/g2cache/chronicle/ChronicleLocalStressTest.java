package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.LocalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads on a full tier: no exception, no torn or foreign value, never an entry too many. */
class ChronicleLocalStressTest {
    private static final int THREADS = 4;
    private static final int STEPS = 60_000;
    private static final int ENTRIES = 1_000;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    @Timeout(120)
    void capsHoldAndValuesStayWhole(int hotEntries) throws Exception {
        try (Tier<byte[]> tier = Tier.ofBytes(4, ENTRIES, 200, hotEntries)) {
            AtomicBoolean done = new AtomicBoolean();
            Future<Long> sampler = executor.submit(() -> sample(tier, done));
            List<Future<?>> users = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Random random = new Random(t);
                users.add(executor.submit(() -> use(tier, random)));
            }
            try {
                for (Future<?> user : users) {
                    user.get(100, TimeUnit.SECONDS);
                }
            } finally {
                done.set(true);
            }
            assertThat(sampler.get(10, TimeUnit.SECONDS)).isPositive();
            assertThat(tier.cache.evictions()).isPositive();
            tier.assertConsistent();
        } finally {
            executor.shutdownNow();
        }
    }

    private static long sample(Tier<byte[]> tier, AtomicBoolean done) {
        long samples = 0;
        while (!done.get()) {
            assertThat(tier.cache.estimatedSize()).isLessThanOrEqualTo(ENTRIES);
            assertThat(tier.cache.map.longSize()).isLessThanOrEqualTo(ENTRIES);
            samples++;
        }
        return samples;
    }

    private static void use(Tier<byte[]> tier, Random random) {
        for (int i = 0; i < STEPS; i++) {
            long key = (long) (Math.pow(random.nextDouble(), 3) * 4 * ENTRIES);
            long version = random.nextInt(1 << 20);
            switch (random.nextInt(10)) {
                case 0, 1 -> tier.fill(key, version, value(key, version, random));
                case 2, 3 -> tier.apply(key, version, value(key, version, random));
                case 4 -> tier.cache.remove(tier.key(key), version);
                case 5 -> {
                    if (random.nextInt(50) == 0) {
                        tier.cache.cleanUp(Tier.NOW);
                    }
                }
                case 6, 7 -> assertWhole(key, tier.get(key));
                default -> assertWhole(key, tier.find(key));
            }
        }
    }

    private static byte[] value(long key, long version, Random random) {
        int noise = random.nextInt(100) == 0 ? random.nextInt(20_000) : random.nextInt(400);
        return CheckedValue.of(key, version, noise, random);
    }

    private static void assertWhole(long key, LocalEntry<byte[]> found) {
        if (found != null) {
            CheckedValue.check(key, found.version(), found.value());
        }
    }

    private static void assertWhole(long key, byte[] value) {
        if (value != null) {
            CheckedValue.check(key, CheckedValue.version(value), value);
        }
    }
}
