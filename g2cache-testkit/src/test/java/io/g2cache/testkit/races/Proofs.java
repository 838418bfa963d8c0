package io.g2cache.testkit.races;

import io.g2cache.WriteToken;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Below which number no node may answer: it has written something newer itself, or has come past the token of such a write. Used
 * by one thread.
 */
final class Proofs {
    private static final int ASK = 8;

    private final TwoNodes nodes;
    private final Random random;
    private final List<Proof> proofs = new ArrayList<>();
    private final Map<TestNode, Known> known = new HashMap<>();

    /** A write that has been acknowledged, and what the database had before. */
    private record Proof(WriteToken token, String key, long atLeast) {}

    /** What one node is known to have come past. */
    private static final class Known {
        final Map<String, Long> floors = new HashMap<>();
        final List<Proof> open = new ArrayList<>();
        int seen;
    }

    Proofs(TwoNodes nodes, Random random) {
        this.nodes = nodes;
        this.random = random;
    }

    /** A node has written this itself. */
    void wrote(TestNode node, String key, long atLeast) {
        of(node).floors.merge(key, atLeast, Math::max);
    }

    /** A node's write has this token. */
    void proven(WriteToken token, String key, long atLeast) {
        proofs.add(new Proof(token, key, atLeast));
    }

    /** What a node on another's disk knows from it. */
    void inherit(TestNode heir, TestNode from) {
        of(from).floors.forEach((key, atLeast) -> wrote(heir, key, atLeast));
    }

    /** The least number that the node may answer with. */
    long floor(TestNode node, String key) {
        Known mine = of(node);
        while (mine.seen < proofs.size()) {
            mine.open.add(proofs.get(mine.seen++));
        }
        mine.open.removeIf(proof -> {
            boolean isPast = isPast(node, proof.token);
            if (isPast) {
                mine.floors.merge(proof.key, proof.atLeast, Math::max);
            }
            return isPast;
        });
        return mine.floors.getOrDefault(key, 0L);
    }

    /** What the node's tail was told; at times the node itself is asked, too. */
    private boolean isPast(TestNode node, WriteToken token) {
        for (Map.Entry<Integer, Long> offset : token.offsets().entrySet()) {
            if (node.log().tailed(offset.getKey()) <= offset.getValue()) {
                return random.nextInt(ASK) == 0 && nodes.hasApplied(node, token);
            }
        }
        return true;
    }

    private Known of(TestNode node) {
        return known.computeIfAbsent(node, n -> new Known());
    }
}
