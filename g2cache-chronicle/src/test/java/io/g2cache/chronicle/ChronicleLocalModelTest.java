package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random use against a plain map: what is found is exactly what was stored last, or nothing; and the tier holds exactly what
 * was stored less what was removed, evicted and swept.
 */
class ChronicleLocalModelTest {
    private static final int STEPS = 200_000;
    private static final int NIGHTLY_STEPS = 10_000_000;
    private static final int STEPS_PER_CHECK = 5_000;
    private static final long MINUTE = 60_000;

    private final Map<Long, Stored> model = new HashMap<>();
    private final long[] floors = new long[Tier.PARTITIONS];
    private long version;
    private long now = Tier.NOW;
    private long stored;
    private long removed;
    private long swept;
    private String at = "";

    /** What was stored last; {@code length} is -1 for a known absence. */
    private record Stored(long version, long hardDeadline, int length) {}

    @ParameterizedTest
    @CsvSource({
        "1, 1, 64, 100, 0",
        "2, 4, 400, 64, 0",
        "3, 8, 1000, 300, 100",
        "4, 64, 1000, 100, 0",
        "5, 1, 64, 100, 64",
        "6, 4, 400, 64, 10"
    })
    void holdsWhatWasStoredLessWhatLeft(long seed, int segments, int entries, int averageBytes, int hotEntries) {
        run(seed, segments, entries, averageBytes, hotEntries, STEPS);
    }

    @Tag("nightly")
    @ParameterizedTest
    @CsvSource({"11, 1, 64, 100, 0", "12, 4, 400, 64, 10", "13, 8, 1000, 1000, 100", "14, 64, 1000, 100, 0"})
    void holdsWhatWasStoredLessWhatLeftInAVeryLongRun(
            long seed, int segments, int entries, int averageBytes, int hotEntries) {
        run(seed, segments, entries, averageBytes, hotEntries, NIGHTLY_STEPS);
    }

    private void run(long seed, int segments, int entries, int averageBytes, int hotEntries, int steps) {
        Random random = new Random(seed);
        try (Tier<byte[]> tier = Tier.ofBytes(segments, entries, averageBytes, hotEntries)) {
            for (int step = 0; step < steps; step++) {
                at = "seed=" + seed + " step=" + step;
                long key = random.nextInt(2 * entries);
                change(tier, key, random, averageBytes);
                checkHeldOrGone(tier, key);
                checkHeldOrGone(tier, random.nextInt(2 * entries));
                require(tier.cache.estimatedSize() <= entries, "too many entries");
                checkBalance(tier);
                if (step % STEPS_PER_CHECK == 0) {
                    sweep(tier);
                    checkEverything(tier, 2 * entries);
                }
            }
            sweep(tier);
            checkEverything(tier, 2 * entries);
            assertThat(tier.cache.evictions()).as(at).isPositive();
            assertThat(swept).as(at).isPositive();
            HotLayer<?, ?> hot = tier.cache.hot;
            assertThat(hot == null ? 0 : hot.estimatedSize()).as(at).isBetween(0L, (long) hotEntries);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(at + ": " + what);
        }
    }

    private void checkBalance(Tier<byte[]> tier) {
        long held = tier.cache.estimatedSize();
        long expected = stored - removed - swept - tier.cache.evictions();
        require(held == expected, "held=" + held + " expected=" + expected);
    }

    private void checkEverything(Tier<byte[]> tier, int keys) {
        tier.assertConsistent();
        long found = 0;
        for (long key = 0; key < keys; key++) {
            found += checkHeldOrGone(tier, key) ? 1 : 0;
        }
        assertThat(found).as(at).isEqualTo(tier.cache.estimatedSize());
    }

    private void change(Tier<byte[]> tier, long key, Random random, int averageBytes) {
        Stored old = model.get(key);
        boolean held = tier.find(key) != null;
        long next = random.nextInt(10) == 0 ? random.nextLong(version + 1) : ++version;
        int choice = random.nextInt(1_000);
        if (choice < 800) {
            int length = choice < 100 ? -1 : length(random, tier.maximumPayload(), averageBytes);
            store(tier, key, next, length, choice % 2 == 0, random);
        } else if (choice < 880) {
            if (tier.cache.remove(tier.key(key), next)) {
                require(old != null && old.version < next, "removed too much");
                removed++;
            } else {
                require(!held || (old != null && old.version >= next), "not removed");
            }
            forgetIfOlder(key, old, next);
        } else if (choice < 920) {
            tier.cache.discard(tier.key(key));
            removed += held ? 1 : 0;
            model.remove(key);
        } else if (choice < 950) {
            tooLarge(tier, key, next, old, held);
        } else if (choice < 990) {
            refuse(tier, key, next, old, held);
        } else {
            now += random.nextLong(MINUTE);
            if (random.nextInt(20) == 0) {
                int partition = random.nextInt(Tier.PARTITIONS);
                floors[partition] = Math.max(floors[partition], version - random.nextInt(1_000));
                tier.floors.set(partition, floors[partition]);
            }
            sweep(tier);
        }
    }

    private void store(Tier<byte[]> tier, long key, long next, int length, boolean isFill, Random random) {
        Stored old = model.get(key);
        long before = tier.cache.estimatedSize() + tier.cache.evictions();
        boolean held = tier.find(key) != null;
        long hardDeadline = now + random.nextLong(20 * MINUTE);
        Entry entry = length < 0
                ? Entry.absent(next, hardDeadline, hardDeadline)
                : Entry.value(next, hardDeadline, hardDeadline, tier.format.encode(value(key, next, length)));
        boolean isStored = isFill
                ? tier.cache.fill(tier.key(key), entry, Admission.ALWAYS)
                : tier.cache.apply(tier.key(key), entry, Admission.ALWAYS);
        long added = tier.cache.estimatedSize() + tier.cache.evictions() - before;
        if (isStored) {
            require(added == (held ? 0 : 1), "added=" + added + " held=" + held);
            stored += added;
            if (isDead(tier, key, next)) {
                tier.cache.discard(tier.key(key));
                removed++;
                model.remove(key);
            } else {
                model.put(key, new Stored(next, hardDeadline, length));
            }
        } else {
            require(held && old != null && (isFill ? old.version > next : old.version >= next), "not stored");
            require(added == 0, "added=" + added);
        }
    }

    private boolean isDead(Tier<byte[]> tier, long key, long version) {
        return version < floors[tier.key(key).partition()];
    }

    private void tooLarge(Tier<byte[]> tier, long key, long next, @Nullable Stored old, boolean held) {
        byte[] tooLarge = new byte[tier.maximumPayload() + 1];
        assertThatThrownBy(() -> tier.apply(key, next, tooLarge)).isInstanceOf(TierException.class);
        removed += held && old != null && old.version < next ? 1 : 0;
        forgetIfOlder(key, old, next);
    }

    /** An event that is not admitted removes what is older than itself, a fill nothing. */
    private void refuse(Tier<byte[]> tier, long key, long next, @Nullable Stored old, boolean held) {
        Entry entry = Entry.absent(next, now + MINUTE, now + MINUTE);
        require(!tier.cache.fill(tier.key(key), entry, (k, v) -> false), "stored");
        require((tier.find(key) != null) == held, "a refused fill changed something");
        require(!tier.cache.apply(tier.key(key), entry, (k, v) -> false), "stored");
        removed += held && old != null && old.version < next ? 1 : 0;
        forgetIfOlder(key, old, next);
    }

    private void forgetIfOlder(long key, @Nullable Stored old, long next) {
        if (old != null && old.version < next) {
            model.remove(key);
        }
    }

    /** The tier is so small that one sweep sees all of it. */
    private void sweep(Tier<byte[]> tier) {
        long before = tier.cache.estimatedSize();
        tier.cache.cleanUp(now);
        swept += before - tier.cache.estimatedSize();
        model.entrySet()
                .removeIf(e -> now >= e.getValue().hardDeadline || isDead(tier, e.getKey(), e.getValue().version));
    }

    /** Mostly around the average, now and then anything up to the limit. */
    private static int length(Random random, int limit, int averageBytes) {
        int choice = random.nextInt(400);
        if (choice == 0) {
            return limit;
        }
        return random.nextInt(choice < 4 ? limit : Math.min(limit, 2 * averageBytes));
    }

    private static byte[] value(long key, long version, int length) {
        byte[] value = new byte[length];
        for (int i = 0; i < length; i++) {
            value[i] = byteOf(key, version, i);
        }
        return value;
    }

    private static byte byteOf(long key, long version, int i) {
        return (byte) (31 * key + 7 * version + i + (i >> 8));
    }

    /** Whether it is held. */
    private boolean checkHeldOrGone(Tier<byte[]> tier, long key) {
        LocalEntry<byte[]> found = tier.find(key);
        byte[] got = tier.cache.get(key, now);
        Stored last = model.get(key);
        if (found == null) {
            require(got == null, "key=" + key + " is got but not found");
            return false;
        }
        require(last != null, "key=" + key + " is held, but should have left");
        require(last != null && found.version() == last.version, "key=" + key + " version=" + found.version());
        require((got != null) == (last.length >= 0 && now < last.hardDeadline), "key=" + key + " got=" + (got != null));
        checkValue(key, last, found.value());
        if (got != null) {
            checkValue(key, last, got);
        }
        return true;
    }

    private void checkValue(long key, Stored last, byte @Nullable [] value) {
        require((value == null ? -1 : value.length) == last.length, "key=" + key + " is of another length");
        for (int i = 0; i < last.length; i++) {
            require(value[i] == byteOf(key, last.version, i), "key=" + key + " differs at " + i);
        }
    }
}
