package io.g2cache.testkit.races;

import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Splits the out tier of a simulation and joins the halves again: one survives as it is, the other is thrown away. Those who
 * come to the surviving half hear of it before and after; those who were there may hear nothing at all.
 */
final class Splits {
    private static final int MORE_THAN_A_NODE_REMEMBERS = 1_500;
    private static final int AT_ONCE = 400;
    private static final int CYCLES = 4;
    private static final Duration BEYOND_THE_FENCE_WINDOW = Duration.ofSeconds(61);

    private final TwoNodes nodes;
    private final Random random;
    private final List<TestNode> away = new ArrayList<>();
    private MemoryOut.@Nullable Store half;
    private long splitAt;

    Splits(TwoNodes nodes, Random random) {
        this.nodes = nodes;
        this.random = random;
    }

    void splitOrJoin() {
        if (half == null) {
            split();
        } else if (random.nextInt(8) > 0) {
            join();
        } else {
            forget();
        }
    }

    /** Enough time and events go by for every node to forget the events before. */
    private void forget() {
        for (int i = 0; i < MORE_THAN_A_NODE_REMEMBERS; i++) {
            if (i % AT_ONCE == 0) {
                nodes.time().advance(BEYOND_THE_FENCE_WINDOW);
                cycle();
            }
            nodes.invalidateAndDie("forgotten-" + i);
        }
        cycle();
    }

    private void cycle() {
        for (TestNode node : nodes.nodes()) {
            for (int i = 0; node.isAlive() && i < CYCLES; i++) {
                node.agents().cycleAll();
                node.executor().runAll();
            }
        }
    }

    private void split() {
        MemoryOut.Store copy = nodes.store().copy();
        half = copy;
        splitAt = nodes.time().wallMillis();
        boolean isSeen = random.nextBoolean();
        for (TestNode node : nodes.nodes()) {
            if (node.isAlive()) {
                if (random.nextBoolean()) {
                    away.add(node);
                    node.out().provider().connect(copy);
                }
                if (isSeen) {
                    node.out().provider().doubt(splitAt, "split");
                }
            }
        }
    }

    /** Ends a split, if there is one. */
    void join() {
        MemoryOut.Store other = half;
        if (other == null) {
            return;
        }
        boolean otherSurvives = random.nextBoolean();
        List<TestNode> losers = new ArrayList<>(nodes.nodes());
        losers.removeIf(node -> !node.isAlive() || away.contains(node) == otherSurvives);
        losers.forEach(node -> node.out().provider().doubt(splitAt, "merging"));
        if (otherSurvives) {
            nodes.store().become(other);
        }
        away.forEach(node -> node.out().provider().connect(nodes.store()));
        losers.forEach(node -> node.out().provider().doubt(splitAt, "merged"));
        away.clear();
        half = null;
    }
}
