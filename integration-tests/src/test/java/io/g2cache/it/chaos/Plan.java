package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Fault.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What the nemesis does: rounds of one to three troubles that overlap, each round undone before the next begins. The same
 * seed, duration and list of troubles give the same plan. Every trouble has its turn before one comes again. Immutable.
 *
 * @param rounds in the order of time
 */
record Plan(List<Round> rounds) {
    private static final long WARM_UP = 5_000;
    private static final long LATEST_BEGIN = 1_500;
    private static final long SHORTEST = 2_500;
    private static final long LONGEST = 7_000;
    private static final long SHORTEST_GAP = 6_000;
    private static final long LONGEST_GAP = 9_000;
    private static final int MOST_AT_ONCE = 3;

    /**
     * Faults that overlap.
     *
     * @param faults at least one
     */
    record Round(List<Fault> faults) {
        Round {
            faults = List.copyOf(faults);
        }

        /** When its first fault begins, in milliseconds. */
        long begin() {
            return faults.stream().mapToLong(Fault::begin).min().orElseThrow();
        }

        /** When its last fault is undone, in milliseconds. */
        long end() {
            return faults.stream().mapToLong(Fault::end).max().orElseThrow();
        }
    }

    Plan {
        rounds = List.copyOf(rounds);
    }

    /** A plan that ends, with a gap, before the duration does. */
    static Plan of(long seed, Duration duration, List<Trouble> troubles) {
        Random random = new Random(seed);
        List<Trouble> deck = new ArrayList<>();
        List<Round> rounds = new ArrayList<>();
        long time = WARM_UP;
        while (time + LATEST_BEGIN + LONGEST + SHORTEST_GAP <= duration.toMillis()) {
            Round round = round(random, time, draw(random, deck, troubles));
            rounds.add(round);
            time = round.end() + between(random, SHORTEST_GAP, LONGEST_GAP);
        }
        return new Plan(rounds);
    }

    /** One trouble more than half of the time, never two of the same parts. */
    private static List<Trouble> draw(Random random, List<Trouble> deck, List<Trouble> troubles) {
        int count = Math.max(1, random.nextInt(2 * MOST_AT_ONCE) - MOST_AT_ONCE + 1);
        List<Trouble> drawn = new ArrayList<>();
        Set<Part> parts = new HashSet<>();
        List<Trouble> later = new ArrayList<>();
        while (drawn.size() < count) {
            if (deck.isEmpty()) {
                deck.addAll(troubles);
                deck.removeAll(later);
                Collections.shuffle(deck, random);
            }
            if (deck.isEmpty()) {
                break;
            }
            Trouble next = deck.remove(deck.size() - 1);
            if (Collections.disjoint(parts, next.parts())) {
                drawn.add(next);
                parts.addAll(next.parts());
            } else {
                later.add(next);
            }
        }
        deck.addAll(later);
        return drawn;
    }

    private static Round round(Random random, long time, List<Trouble> troubles) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < troubles.size(); i++) {
            Trouble trouble = troubles.get(i);
            long begin = time + (i == 0 ? 0 : between(random, 0, LATEST_BEGIN));
            long end = begin + between(random, SHORTEST, LONGEST);
            trouble.parts().forEach(part -> faults.add(new Fault(trouble.action(), part, begin, end)));
        }
        return new Round(faults);
    }

    private static long between(Random random, long least, long most) {
        return least + random.nextInt((int) (most - least + 1));
    }

    /** How many faults there are. */
    int size() {
        return rounds.stream().mapToInt(round -> round.faults().size()).sum();
    }
}
