package io.g2cache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.LocalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The part of the contract that sets threads against each other. */
final class LocalCacheRaces {
    private static final int KEYS = 64;
    private static final int WRITES = 20_000;
    private static final int ROUNDS = 3_000;
    private static final int ADMISSIONS = 20;

    private LocalCacheRaces() {}

    private static String value(String key, long version) {
        return key + "@" + version + ":" + "y".repeat((int) (version % 300));
    }

    private static void assertWhole(String key, @Nullable LocalEntry<String> found) {
        if (found != null) {
            assertThat(found.value()).isEqualTo(value(key, found.version()));
        }
    }

    /** Few keys in a roomy tier: nothing is evicted, so that a reader sees the versions of a key only go up. */
    static void versionsOnlyGoUp(LocalTier<String, String> tier) {
        AtomicLong clock = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        List<Race.Task> writers = new ArrayList<>();
        for (int w = 0; w < 3; w++) {
            Random random = new Random(w);
            writers.add(() -> {
                for (int i = 0; i < WRITES; i++) {
                    String key = "k" + random.nextInt(KEYS);
                    long version = clock.incrementAndGet();
                    if (random.nextBoolean()) {
                        tier.apply(key, version, value(key, version));
                    } else {
                        tier.fill(key, version, value(key, version));
                    }
                }
            });
        }
        try (Race race = new Race("local-race");
                Race reading = new Race("local-read")) {
            race.run(
                    () -> {
                        try {
                            reading.run(Race.DEADLINE.multipliedBy(2), writers);
                        } finally {
                            done.set(true);
                        }
                    },
                    () -> readUntil(done, tier));
        }
        for (int k = 0; k < KEYS; k++) {
            assertThat(tier.get("k" + k)).isNotNull();
        }
    }

    private static void readUntil(AtomicBoolean done, LocalTier<String, String> tier) {
        long[] seen = new long[KEYS];
        while (!done.get()) {
            for (int k = 0; k < KEYS; k++) {
                String key = "k" + k;
                LocalEntry<String> found = tier.find(key);
                assertWhole(key, found);
                long version = found == null ? 0 : found.version();
                assertThat(version).as("version of %s", key).isGreaterThanOrEqualTo(seen[k]);
                seen[k] = version;
            }
        }
    }

    /** Everything at once, on more keys than the tier holds. */
    static void mixedUse(LocalTier<String, String> tier) {
        List<Race.Task> users = new ArrayList<>();
        for (int u = 0; u < 4; u++) {
            Random random = new Random(100 + u);
            users.add(() -> {
                for (int i = 0; i < WRITES; i++) {
                    String key = "k" + random.nextInt(2 * LocalTier.MAXIMUM_ENTRIES);
                    long version = random.nextInt(1_000);
                    switch (random.nextInt(8)) {
                        case 0, 1 -> tier.fill(key, version, value(key, version));
                        case 2, 3 -> tier.apply(key, version, value(key, version));
                        case 4 -> tier.cache().remove(tier.key(key), version);
                        case 5 -> tier.cache().discard(tier.key(key));
                        default -> assertWhole(key, tier.find(key));
                    }
                }
            });
        }
        try (Race race = new Race("local-mixed")) {
            race.run(Race.DEADLINE.multipliedBy(2), users);
        }
        assertThat(tier.cache().estimatedSize()).isLessThanOrEqualTo(LocalTier.MAXIMUM_ENTRIES * 11L / 10);
    }

    /**
     * An event first makes the admission refuse and then removes; a fill that was admitted before is removed, a later one
     * refused. A tier that asks outside its atomic step fails this.
     */
    static void fillsAgainstRemoves(LocalTier<String, String> tier) {
        EventStep remove = (key, version) -> tier.cache().remove(key, version);
        duringTheAdmission(tier, remove);
        against(tier, 11, remove);
    }

    /** The same with an event that carries a value. */
    static void fillsAgainstApplies(LocalTier<String, String> tier) {
        EventStep apply =
                (key, version) -> tier.cache().apply(key, tier.entry(version, "event"), (k, v) -> v >= version);
        duringTheAdmission(tier, apply);
        against(tier, 12, apply);
    }

    private interface EventStep {
        void run(EncodedKey key, long version);
    }

    /** The event comes exactly between the admission's answer and the store: the tier must keep it waiting. */
    private static void duringTheAdmission(LocalTier<String, String> tier, EventStep event) {
        try (Race race = new Race("local-admission")) {
            for (int round = 0; round < 2 * ADMISSIONS; round++) {
                EncodedKey key = tier.key("asked-" + round);
                if (round % 2 == 0) {
                    tier.cache().fill(key, tier.entry(3, "older"), Admission.ALWAYS);
                }
                AtomicLong recent = new AtomicLong(-1);
                CountDownLatch asked = new CountDownLatch(1);
                CountDownLatch applied = new CountDownLatch(1);
                Admission admission = (k, v) -> {
                    boolean admitted = recent.get() <= v;
                    asked.countDown();
                    awaitMillis(applied, 5);
                    return admitted;
                };
                race.run(() -> tier.cache().fill(key, tier.entry(5, "load"), admission), () -> {
                    awaitMillis(asked, Race.DEADLINE.toMillis());
                    recent.set(10);
                    event.run(key, 10);
                    applied.countDown();
                });
                LocalEntry<String> found = tier.cache().find(key);
                assertThat(found == null ? 10 : found.version())
                        .as("version held after the event of round %d", round)
                        .isEqualTo(10);
            }
        }
    }

    private static void awaitMillis(CountDownLatch latch, long millis) {
        try {
            boolean reached = latch.await(millis, TimeUnit.MILLISECONDS);
            assertThat(reached || millis < 1_000)
                    .as("signalled within %d ms", millis)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void against(LocalTier<String, String> tier, long seed, EventStep event) {
        Random random = new Random(seed);
        try (Race race = new Race("local-fence")) {
            for (int round = 0; round < ROUNDS; round++) {
                EncodedKey key = tier.key("fenced-" + round % KEYS);
                tier.cache().discard(key);
                long version = 10;
                long stamp = random.nextInt(10);
                AtomicLong recent = new AtomicLong(-1);
                Admission admission = (k, v) -> {
                    boolean admitted = recent.get() <= v;
                    Race.spin(ThreadLocalRandom.current().nextInt(50));
                    return admitted;
                };
                int spinFill = random.nextInt(200);
                int spinEvent = random.nextInt(200);
                race.run(
                        () -> {
                            Race.spin(spinFill);
                            tier.cache().fill(key, tier.entry(stamp, "load"), admission);
                        },
                        () -> {
                            Race.spin(spinEvent);
                            recent.set(version);
                            event.run(key, version);
                        });
                LocalEntry<String> found = tier.cache().find(key);
                if (found != null) {
                    assertThat(found.version())
                            .as("seed=%d round=%d stamp=%d", seed, round, stamp)
                            .isGreaterThanOrEqualTo(version);
                }
            }
        }
    }

    static void closeUnderLoad(LocalTier<String, String> tier) {
        AtomicBoolean done = new AtomicBoolean();
        Race.Task user = () -> {
            while (!done.get()) {
                int k = ThreadLocalRandom.current().nextInt(1_000);
                tier.fill("k" + k, k, value("k" + k, k));
                assertWhole("k" + k, tier.find("k" + k));
            }
        };
        try (Race race = new Race("local-close")) {
            race.run(user, user, () -> {
                try {
                    Race.spin(200_000);
                    tier.close();
                } finally {
                    Race.spin(20_000);
                    done.set(true);
                }
            });
        }
        assertThat(tier.cache().estimatedSize()).isZero();
        for (int k = 0; k < 1_000; k++) {
            assertThat(tier.find("k" + k)).isNull();
        }
    }
}
