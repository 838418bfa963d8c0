package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class S3FifoTest {
    private static final int NOW = 100;
    private static final int LATER = 200;

    /** A cache of keys alone on top of the policy. */
    private static final class Keys {
        final S3Fifo policy;
        final Map<Long, Integer> slots = new HashMap<>();

        Keys(int capacity) {
            policy = new S3Fifo(capacity);
        }

        /** Whether it was a hit; stores it if not. */
        boolean access(long key) {
            Integer slot = slots.get(key);
            if (slot != null) {
                policy.use(slot);
                return true;
            }
            add(key, LATER);
            return false;
        }

        void add(long key, int deadline) {
            while (policy.isFull()) {
                evict();
            }
            int slot = policy.take(mixed(key));
            slots.put(key, slot);
            policy.enter(slot, deadline);
        }

        long evict() {
            int victim = policy.victim(NOW);
            long key = unmixed(policy.keyOf(victim));
            assertThat(slots.remove(key)).isEqualTo(victim);
            policy.evicted(victim);
            return key;
        }

        void remove(long key) {
            Integer slot = slots.remove(key);
            if (slot != null) {
                policy.free(slot);
            }
        }

        List<Long> evictAll() {
            List<Long> order = new ArrayList<>();
            while (!slots.isEmpty()) {
                order.add(evict());
            }
            return order;
        }
    }

    /** Odd factors can be undone. */
    private static long mixed(long key) {
        return key * 0x9E3779B97F4A7C15L;
    }

    private static long unmixed(long mixed) {
        return mixed * 0xF1DE83E19937733DL;
    }

    private static Keys of(int capacity, long... keys) {
        Keys cache = new Keys(capacity);
        for (long key : keys) {
            cache.access(key);
        }
        return cache;
    }

    @Test
    void anEmptyPolicyHasNoVictim() {
        assertThat(new S3Fifo(10).victim(NOW)).isEqualTo(S3Fifo.NONE);
    }

    @Test
    void unusedKeysLeaveTheirQueuesInTheOrderTheyCame() {
        assertThat(full(20).evictAll())
                .startsWith(19L, 20L, 1L)
                .containsSubsequence(1L, 2L, 3L, 4L, 5L, 6L)
                .hasSize(20);
    }

    @Test
    void aKeyUsedTwiceStaysLongerThanNewerOnes() {
        Keys cache = full(100);
        cache.access(91);
        cache.access(91);
        cache.access(92);
        assertThat(cache.evict()).isEqualTo(1);
        cache.access(101);
        assertThat(cache.evict()).isEqualTo(92);
        assertThat(cache.slots).containsKey(91L);
    }

    /** Fills both queues: the first nine tenths are in the main one, none of them used. */
    private static Keys full(int capacity) {
        Keys cache = new Keys(capacity);
        for (long key = 1; key <= capacity; key++) {
            cache.access(key);
        }
        return cache;
    }

    @Test
    void whileTheMainQueueIsBelowItsShareItTakesWhatIsNotUsed() {
        Keys cache = full(100);
        assertThat(cache.evict()).isEqualTo(91);
        cache.access(101);
        assertThat(cache.evict()).isEqualTo(92);
        assertThat(cache.slots.keySet()).contains(1L, 90L);
    }

    @Test
    void aLoopLongerThanTheTierStillHits() {
        Keys cache = new Keys(100);
        int hits = 0;
        for (int i = 0; i < 10_000; i++) {
            hits += cache.access(i % 500) ? 1 : 0;
        }
        assertThat(hits).isGreaterThan(10_000 * 85 / 500);
    }

    @Test
    void keysThatComeBackLateEnterTheMainQueueOneInEight() {
        Keys cache = full(100);
        for (long key = 1_000; key < 1_200; key++) {
            cache.access(key);
        }
        for (long key = 1_000; key < 1_032; key++) {
            cache.access(key);
        }
        assertThat(cache.slots.keySet().stream().filter(key -> key >= 1_000 && key < 1_032))
                .hasSizeBetween(10, 14);
    }

    @Test
    void theSmallQueueGrowsWhereKeysComeBackRightAfterTheyLeft() {
        Keys cache = full(100);
        for (long round = 0; round < 100; round++) {
            for (int pass = 0; pass < 3; pass++) {
                for (long key = 0; key < 15; key++) {
                    cache.access(1_000 + 1_000 * round + key);
                }
            }
        }
        for (long key = 0; key < 40; key++) {
            cache.access(1_000_000 + key);
        }
        assertThat(cache.slots.keySet().stream().filter(key -> key >= 1_000_000))
                .hasSizeBetween(14, 20);
    }

    @Test
    void theSearchForAVictimEndsHoweverMuchEverythingIsUsed() {
        Keys cache = full(10_000);
        for (int use = 0; use < 3; use++) {
            for (long key = 1; key <= 10_000; key++) {
                cache.access(key);
            }
        }
        for (long key = 0; key < 18; key++) {
            assertThat(cache.evict()).isBetween(1L, 18L * 513);
        }
        assertThat(cache.slots.keySet().stream().filter(key -> key > 9_300)).hasSize(700);
    }

    @Test
    void aTierThatHoldsFewerThanItsCapacityFiltersAllTheSame() {
        Keys cache = new Keys(1_000);
        for (int round = 0; round < 4; round++) {
            for (long key = 0; key < 50; key++) {
                cache.access(key);
            }
        }
        for (long key = 1_000; key < 11_000; key++) {
            cache.access(key);
            if (cache.slots.size() > 100 - key % 3) {
                cache.evict();
            }
        }
        assertThat(cache.slots.keySet().stream().filter(key -> key < 50)).hasSize(50);
    }

    @Test
    void aKeyThatComesBackSoonEntersTheMainQueue() {
        Keys cache = of(10, 1);
        cache.evict();
        cache.access(1);
        for (long key = 2; key <= 10; key++) {
            cache.access(key);
        }
        assertThat(cache.evictAll()).endsWith(1L).hasSize(10);
    }

    @Test
    void aRemovedKeyIsNotRememberedAndItsSlotIsUsedAgain() {
        Keys cache = of(3, 1, 2);
        cache.remove(1);
        assertThat(cache.policy.size()).isEqualTo(1);
        cache.access(3);
        cache.access(1);
        assertThat(cache.policy.isFull()).isTrue();
        assertThat(cache.evictAll()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void theMainQueueGivesAnotherRoundForEveryUse() {
        Keys cache = of(10, 1, 2);
        cache.evict();
        cache.evict();
        cache.access(1);
        cache.access(2);
        for (int use = 0; use < 10; use++) {
            cache.access(1);
        }
        assertThat(cache.evictAll()).containsExactly(2L, 1L);
    }

    @Test
    void anExpiredKeyLeavesFirstHoweverMuchItWasUsed() {
        Keys cache = new Keys(10);
        cache.add(1, NOW);
        cache.add(2, LATER);
        cache.access(1);
        cache.access(1);
        cache.access(1);
        assertThat(cache.evict()).isEqualTo(1);
        cache.access(2);
        cache.access(2);
        cache.policy.deadline(cache.slots.get(2L), NOW + 1);
        cache.add(3, LATER);
        assertThat(cache.evict()).isEqualTo(3);
        cache.policy.deadline(cache.slots.get(2L), NOW);
        cache.add(4, LATER);
        assertThat(cache.evict()).isEqualTo(2);
    }

    @Test
    void anExpiredKeyAnywhereLeavesBeforeTheHandHasGoneRound() {
        Keys cache = full(800);
        for (long key = 100; key < 800; key += 100) {
            cache.policy.deadline(cache.slots.get(key), NOW);
            for (int use = 0; use < 3; use++) {
                cache.access(key);
            }
        }
        Set<Long> evicted = new HashSet<>();
        for (int i = 0; i < 107; i++) {
            evicted.add(cache.evict());
        }
        assertThat(evicted).contains(100L, 200L, 300L, 400L, 500L, 600L, 700L);
    }

    @Test
    void takesAtMost32BytesOfHeapASlot() throws Exception {
        int capacity = 100_000;
        S3Fifo policy = new S3Fifo(capacity);
        assertThat(arrayBytes(policy)).isBetween(20L * capacity, 32L * capacity);
        assertThat(arrayBytes(new S3Fifo(1))).isLessThan(1_000);
    }

    private static long arrayBytes(Object holder) throws IllegalAccessException {
        long bytes = 0;
        for (Field field : holder.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(holder);
            if (value instanceof Ghosts) {
                bytes += arrayBytes(value);
            } else if (value instanceof long[] longs) {
                bytes += 8L * longs.length;
            } else if (value instanceof int[] ints) {
                bytes += 4L * ints.length;
            } else if (value instanceof byte[] array) {
                bytes += array.length;
            }
        }
        return bytes;
    }

    @Test
    void aDetachedExpiredSlotIsNoVictim() {
        Keys cache = of(10, 1, 2);
        int slot = cache.slots.get(1L);
        cache.policy.deadline(slot, NOW);
        cache.policy.detach(slot);
        assertThat(cache.policy.victim(NOW)).isEqualTo(cache.slots.get(2L));
    }

    @Test
    void aDetachedSlotIsNoVictimAndComesBackYoung() {
        Keys cache = of(10, 1, 2, 3);
        int slot = cache.slots.get(1L);
        boolean wasMain = cache.policy.detach(slot);
        assertThat(wasMain).isFalse();
        assertThat(cache.policy.victim(NOW)).isEqualTo(cache.slots.get(3L));
        cache.policy.attach(slot, false, LATER);
        assertThat(cache.evictAll()).containsExactly(3L, 1L, 2L);
    }

    @Test
    void aScanDoesNotPushOutWhatIsUsed() {
        Keys cache = new Keys(100);
        for (int round = 0; round < 4; round++) {
            for (long key = 0; key < 50; key++) {
                cache.access(key);
            }
        }
        for (long key = 1_000; key < 11_000; key++) {
            cache.access(key);
        }
        assertThat(cache.slots.keySet().stream().filter(key -> key < 50)).hasSize(50);
    }

    @Test
    void randomUseKeepsSlotsAndKeysTogether() {
        Random random = new Random(5);
        Keys cache = new Keys(64);
        for (int step = 0; step < 200_000; step++) {
            long key = random.nextInt(200);
            switch (random.nextInt(8)) {
                case 0 -> cache.remove(key);
                case 1 -> {
                    Integer slot = cache.slots.get(key);
                    if (slot != null) {
                        cache.policy.attach(slot, cache.policy.detach(slot), random.nextInt(2 * NOW));
                    }
                }
                default -> cache.access(key);
            }
            assertThat(cache.policy.size()).as("seed=5 step=%d", step).isEqualTo(cache.slots.size());
        }
        cache.slots.forEach((key, slot) -> {
            assertThat(cache.policy.isTaken(slot)).isTrue();
            assertThat(cache.policy.keyOf(slot)).isEqualTo(mixed(key));
        });
        assertThat(cache.evictAll()).doesNotHaveDuplicates();
        assertThat(cache.policy.victim(NOW)).isEqualTo(S3Fifo.NONE);
    }

    @Test
    void hitsAsOftenAsCaffeineOnASkewedTrace() {
        int capacity = 5_000;
        Keys policy = new Keys(capacity);
        Cache<Integer, Integer> caffeine = Caffeine.newBuilder()
                .maximumSize(capacity)
                .executor(Runnable::run)
                .build();
        Zipf zipf = new Zipf(20 * capacity, 0.99, 11);
        int[] hits = new int[2];
        int accesses = 1_000_000;
        for (int i = 0; i < accesses; i++) {
            int key = zipf.next();
            hits[0] += policy.access(key) ? 1 : 0;
            if (caffeine.getIfPresent(key) != null) {
                hits[1]++;
            } else {
                caffeine.put(key, key);
            }
        }
        double ours = 100.0 * hits[0] / accesses;
        double theirs = 100.0 * hits[1] / accesses;
        assertThat(theirs).isBetween(50.0, 95.0);
        assertThat(ours).as("hit rate in percent, Caffeine's is %s", theirs).isGreaterThan(theirs - 1);
    }
}
