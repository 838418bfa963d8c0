package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a history's writes came to: what was acknowledged, and which node knew of it. Not thread-safe. */
final class Writes {
    private static final Timeline NONE = new Timeline();

    private final Map<Integer, Timeline> acknowledged = new HashMap<>();
    private final Map<String, Timeline> known = new HashMap<>();
    private final Map<String, Timeline> queued = new HashMap<>();
    private final Map<Integer, Long> atRest = new HashMap<>();
    private final Map<Integer, Set<Long>> latePuts = new HashMap<>();
    private final Map<String, Long> births = new HashMap<>();

    Writes(History history) {
        for (Sample sample : history.samples()) {
            births.merge(life(sample.node(), sample.life()), sample.time(), Math::min);
        }
        for (Operation operation : history.operations()) {
            if (operation.kind().isWrite()) {
                add(operation);
            } else if (operation.kind() == Kind.TOKEN_READ && operation.isOk()) {
                known.computeIfAbsent(place(operation), p -> new Timeline()).add(operation.end(), operation.asked());
            }
        }
        history.operations().stream()
                .filter(operation -> operation.kind() == Kind.PUT)
                .filter(put -> put.outcome() != Outcome.BEGUN && put.outcome() != Outcome.UNKNOWN)
                .forEach(
                        put -> latePuts.getOrDefault(put.key(), new HashSet<>()).remove(put.version()));
    }

    private void add(Operation write) {
        if (write.outcome() == Outcome.OK || write.outcome() == Outcome.QUEUED) {
            known.computeIfAbsent(place(write), p -> new Timeline()).add(write.end(), write.version());
            atRest.merge(write.key(), write.version(), Math::max);
        }
        if (write.outcome() == Outcome.OK) {
            acknowledged.computeIfAbsent(write.key(), k -> new Timeline()).add(write.end(), write.version());
        } else if (write.outcome() == Outcome.QUEUED) {
            queued.computeIfAbsent(write.node() + "/" + write.key(), p -> new Timeline())
                    .add(write.end(), write.version());
        } else if (write.kind() == Kind.PUT) {
            latePuts.computeIfAbsent(write.key(), k -> new HashSet<>()).add(write.version());
        }
    }

    private static String life(int node, int life) {
        return node + "/" + life;
    }

    /** Node, life and key of a call. */
    static String place(Operation operation) {
        return life(operation.node(), operation.life()) + "/" + operation.key();
    }

    /** The acknowledged writes of a key, each from the end of its call on. */
    Timeline acknowledged(int key) {
        return acknowledged.getOrDefault(key, NONE);
    }

    /** The newest version of a key that was acknowledged, or queued, by anybody. */
    long atRest(int key) {
        return atRest.getOrDefault(key, 0L);
    }

    /** Whether this version was put, and it is not known when, if at all, the log has taken it. */
    boolean isLatePut(int key, long version) {
        return latePuts.getOrDefault(key, Set.of()).contains(version);
    }

    /** The newest version that the node of a read knew when the read began. */
    long knownTo(Operation read) {
        long birth = births.getOrDefault(life(read.node(), read.life()), Long.MIN_VALUE);
        long own = known.getOrDefault(place(read), NONE).before(read.start());
        long waiting = queued.getOrDefault(read.node() + "/" + read.key(), NONE).before(read.start());
        return Math.max(Math.max(own, waiting), acknowledged(read.key()).before(birth));
    }
}
