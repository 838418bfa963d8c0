package io.g2cache.testkit.races;

import io.g2cache.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The source as the nodes' loaders see it: it may fail and take its time, in which anything happens. Sees to it that no node
 * loads a key twice at once: while a load runs that may be joined (it is no refresh, nothing has happened to the key since, and
 * its time is not over), no other is begun. Used by one thread.
 */
final class Loads {
    static final String FAILURE = "the source failed";

    private final Run run;
    private final BiConsumer<TestNode, String> before;
    private final BiConsumer<TestNode, String> after;
    private final List<Running> running = new ArrayList<>();

    /**
     * For whom a loader is called.
     *
     * @param node the node
     * @param isRefresh whether it runs beside others
     * @param touches what had happened to each key when that call began, and is not known to the node; null for too much
     * @param startedNanos when that was, by the node's clock
     * @param startedMillis the same, by its wall clock
     */
    record Caller(
            TestNode node, boolean isRefresh, Map<String, Integer> touches, long startedNanos, long startedMillis) {
        Duration age() {
            Duration monotonic = Duration.ofNanos(node.clock().monotonicNanos() - startedNanos);
            Duration wall = Duration.ofMillis(node.clock().wallMillis() - startedMillis);
            return monotonic.compareTo(wall) > 0 ? monotonic : wall;
        }
    }

    /** A call of a loader. */
    private record Running(Caller caller, String key) {
        @Nullable
        Integer touches() {
            return caller.touches.get(key);
        }
    }

    /** What happens before and after the source is read. */
    Loads(Run run, BiConsumer<TestNode, String> before, BiConsumer<TestNode, String> after) {
        this.run = run;
        this.before = before;
        this.after = after;
    }

    /** Somebody begins to read keys. */
    Caller caller(TestNode node, boolean isRefresh, List<String> keys) {
        Map<String, Integer> touches = new HashMap<>();
        for (String key : keys) {
            if (run.writesUnderWay(node) == 0 && run.truth.isKnown(key, node.log()::tailed)) {
                touches.put(key, run.truth.touches(key));
            }
        }
        return new Caller(
                node,
                isRefresh,
                touches,
                node.clock().monotonicNanos(),
                node.clock().wallMillis());
    }

    /** A load of one key. */
    @Nullable
    Long load(Caller caller, String key) {
        return loadAll(caller, Set.of(key)).get(key);
    }

    /** A load of several keys. */
    Map<String, Long> loadAll(Caller caller, Set<String> keys) {
        TestNode node = caller.node;
        List<Running> mine = new ArrayList<>();
        for (String key : keys) {
            Running next = new Running(caller, key);
            running.forEach(other -> requireAlone(other, next));
            mine.add(next);
        }
        running.addAll(mine);
        run.narrative.tell(node, "loader of " + keys + " begins");
        try {
            Map<String, Long> found = read(node, keys);
            run.narrative.tell(node, "loader gives " + found);
            return found;
        } finally {
            running.removeAll(mine);
        }
    }

    /** Whether a loader has been called for the key on that node and has not given anything yet. */
    boolean isRunning(TestNode node, String key) {
        return running.stream().anyMatch(load -> load.caller.node == node && load.key.equals(key));
    }

    private Map<String, Long> read(TestNode node, Set<String> keys) {
        before.accept(node, keys.iterator().next());
        if (run.plan.troubles().failingLoads() && !run.isQuiet() && run.random.nextInt(4) == 0) {
            run.narrative.tell(node, "loader fails");
            throw new IllegalStateException(FAILURE);
        }
        Map<String, Long> found = new HashMap<>();
        keys.forEach(key -> {
            long number = run.nodes.database().read(key);
            run.truth.born(key, number, node.clock().wallMillis());
            Long visible = run.visible(number);
            if (visible != null) {
                found.put(key, visible);
            }
        });
        after.accept(node, keys.iterator().next());
        return found;
    }

    private void requireAlone(Running other, Running next) {
        TestNode node = next.caller.node;
        Integer touches = next.touches();
        if (other.caller.node == node
                && other.key.equals(next.key)
                && !other.caller.isRefresh
                && !next.caller.isRefresh
                && touches != null
                && touches.equals(other.touches())
                && touches == run.truth.touches(next.key)
                && isInTime(other.caller)
                && isInTime(next.caller)) {
            run.wrong("a second load of " + next.key + " on node "
                    + run.nodes.nodes().indexOf(node));
        }
    }

    /** Otherwise its load may have been ended, and its loader is called for nobody, or be too old to be joined. */
    private boolean isInTime(Caller caller) {
        Duration age = caller.age();
        return age.compareTo(run.plan.cache().loadTimeout()) <= 0
                && age.compareTo(run.plan.cache().maxStaleness()) < 0;
    }
}
