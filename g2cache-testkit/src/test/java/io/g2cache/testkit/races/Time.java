package io.g2cache.testkit.races;

import io.g2cache.testkit.TestNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets the time of a run pass, and clocks go wrong. What a node does by the clock, its upkeep and its timer, it does every half
 * second, unless its machine sleeps. Used by one thread.
 */
final class Time {
    static final Duration UPKEEP = Duration.ofMillis(500);

    private final Run run;
    private final Set<TestNode> late = new HashSet<>();
    private Duration untilUpkeep = UPKEEP;

    Time(Run run) {
        this.run = run;
    }

    /** Lets time pass for all; those asleep do not notice. */
    void pass(Duration time) {
        run.narrative.tell(null, "time passes: " + time);
        Duration left = time;
        while (left.compareTo(Duration.ZERO) > 0) {
            Duration slice = left.compareTo(untilUpkeep) < 0 ? left : untilUpkeep;
            advance(slice);
            left = left.minus(slice);
            untilUpkeep = untilUpkeep.minus(slice);
            if (untilUpkeep.isZero()) {
                untilUpkeep = UPKEEP;
                run.awake().forEach(this::upkeep);
            }
        }
    }

    /**
     * Time passes in which nobody does anything. Upkeep is late then; whose wall clock was set back, or is before it, notices at its
     * upkeep, which comes at once.
     */
    void standStill(Duration duration) {
        run.narrative.tell(null, "everybody stands still for " + duration);
        run.nodes.time().advance(duration);
        late.addAll(run.awake());
        run.awake().stream().filter(node -> run.setBackNanos(node) > 0).forEach(this::upkeep);
    }

    private void advance(Duration slice) {
        run.nodes.time().advance(slice);
        for (TestNode node : run.nodes.nodes()) {
            if (run.asleep.contains(node)) {
                node.clock().slept(slice);
                run.slept(node, slice.toNanos());
            }
        }
    }

    /** A little of it passes at times, where the plan says so. */
    void goOn() {
        long pace = run.plan.pace().toMillis();
        if (pace > 0 && run.random.nextInt(4) == 0) {
            pass(Duration.ofMillis(run.random.nextInt((int) pace)));
        }
    }

    void upkeep(TestNode node) {
        late.remove(node);
        run.cycle(node, "housekeeper");
        run.cycle(node, "timer");
    }

    /** One of a moment or a long while, rarely longer than anything is remembered. */
    Duration any() {
        int dice = run.random.nextInt(40);
        if (dice == 0) {
            return Duration.ofSeconds(61);
        }
        return Duration.ofMillis(run.random.nextInt(dice < 10 ? 5_000 : 400));
    }

    /** A clock goes wrong, or comes right again. */
    void disturb(TestNode node) {
        switch (run.random.nextInt(4)) {
            case 0 -> set(node, Duration.ofMillis(run.random.nextInt(4_000)));
            case 1 -> set(node, Duration.ofMillis(-run.random.nextInt(4_000)));
            case 2 -> {
                if (run.depth() == 0 && run.awake().size() > 1) {
                    run.asleep.add(node);
                    run.narrative.tell(node, "falls asleep");
                }
            }
            default -> {
                if (!run.asleep.isEmpty()) {
                    int longest = 2 * (int) run.plan.cache().maxStaleness().toMillis();
                    pass(Duration.ofMillis(run.random.nextInt(longest)));
                }
                wakeAll();
            }
        }
    }

    private void set(TestNode node, Duration by) {
        run.setWall(node, by);
        run.narrative.tell(node, "wall clock set by " + by);
        if (by.isNegative() && late.contains(node)) {
            upkeep(node);
        }
    }

    /** Whoever slept goes on; its upkeep is late. */
    void wakeAll() {
        List<TestNode> woken = run.nodes.nodes().stream()
                .filter(node -> node.isAlive() && run.asleep.contains(node))
                .toList();
        run.asleep.clear();
        woken.forEach(node -> {
            run.narrative.tell(node, "wakes");
            upkeep(node);
        });
    }
}
