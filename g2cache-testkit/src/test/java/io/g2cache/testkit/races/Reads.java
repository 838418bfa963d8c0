package io.g2cache.testkit.races;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheLoader;
import io.g2cache.LoadException;
import io.g2cache.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads, and what is checked of each answer.
 *
 * <ul>
 *   <li>It is not older than a write that this node has made, or whose token it has come past, before the read began.
 *   <li>It is not older than what the log had {@code maxStaleness} before the read began. A hit of the local tier is held to exactly
 *       that, by the monotonic clock, and by the wall clock as long as that was not set back. An answer from elsewhere may come from the
 *       out tier, of which another node's wall clock tells how fresh it is, so that whatever clocks were set by is added.
 *   <li>It was read from the source, or put, less than the hard lifetime ago, and {@code failSafeFor} more if it was counted as such.
 *       What is no hit of the local tier may come of a load that the read has joined, which has found it in the out tier up to
 *       {@code loadTimeout} before, and one round of the upkeep that ends it.
 * </ul>
 *
 * <p>Used by one thread.
 */
final class Reads {
    private static final long UPKEEP_NANOS = Duration.ofMillis(501).toNanos();

    private final Run run;
    private final Loads loads;
    private final List<Waiting> waiting = new ArrayList<>();
    private int number;
    private long failSafeSeen;

    Reads(Run run, Loads loads) {
        this.run = run;
        this.loads = loads;
    }

    /** A call that is to end. */
    private record Waiting(TestNode node, String what, CompletableFuture<?> call) {}

    /**
     * A read under way.
     *
     * @param mayJoin whether a load of the key was running, which gives what it has read to whoever joins it, also where that took
     *     longer than a lifetime
     */
    private record Read(
            TestNode node,
            String what,
            String key,
            long atLeast,
            long nanos,
            long wallMillis,
            Duration wallSetBy,
            boolean mayJoin) {}

    private enum From {
        LOCAL_TIER,
        ELSEWHERE
    }

    void any(TestNode node, String key) {
        int how = run.random.nextInt(8);
        if (how == 0) {
            refresh(node, key);
        } else if (how < 3) {
            bulk(node, key, run.anyKey());
        } else {
            get(node, key);
        }
    }

    void get(TestNode node, String key) {
        Read read = begin(node, "get", key);
        Loads.Caller caller = loads.caller(node, false, List.of(key));
        CacheLoader<String, Long> loader = wanted -> loads.load(caller, wanted);
        long hits = run.counts.localHits();
        CompletableFuture<Long> call = started(node, () -> node.cache().getAsync(key, loader));
        From from = run.counts.localHits() > hits ? From.LOCAL_TIER : From.ELSEWHERE;
        check(read, from, call);
    }

    /** Without a loader of its own: what there is at the end. */
    void last(TestNode node, String key) {
        Read read = begin(node, "last get", key, run.nodes.database().read(key));
        check(read, From.ELSEWHERE, node.cache().getAsync(key));
    }

    private void refresh(TestNode node, String key) {
        Read read = begin(node, "refresh", key);
        Loads.Caller caller = loads.caller(node, true, List.of(key));
        CacheLoader<String, Long> loader = wanted -> loads.load(caller, wanted);
        check(read, From.ELSEWHERE, started(node, () -> node.cache().refreshAsync(key, loader)));
    }

    private void bulk(TestNode node, String key, String other) {
        Read read = begin(node, "getAll", key);
        Read second = begin(node, "getAll", other);
        Loads.Caller caller = loads.caller(node, false, List.of(key, other));
        BulkCacheLoader<String, Long> loader = wanted -> loads.loadAll(caller, new TreeSet<>(wanted));
        CompletableFuture<Map<String, Long>> all =
                started(node, () -> node.cache().getAllAsync(List.of(key, other), loader));
        check(read, From.ELSEWHERE, all.thenApply(found -> found.get(key)));
        if (!other.equals(key)) {
            // the same key twice is one answer, and counts once
            check(second, From.ELSEWHERE, all.thenApply(found -> found.get(other)));
        }
    }

    /** Inside a loader the caller must be another thread: who asks for a key that its own thread is loading is refused. */
    private <T> CompletableFuture<T> started(TestNode node, Supplier<CompletableFuture<T>> call) {
        return run.depth() == 0 ? call.get() : run.elsewhere(call);
    }

    private Read begin(TestNode node, String how, String key) {
        return begin(node, how, key, run.proofs.floor(node, key));
    }

    private Read begin(TestNode node, String how, String key, long atLeast) {
        String what = how + " #" + ++number + " of " + key;
        run.narrative.tell(node, what + (atLeast > 0 ? ", at least " + atLeast : ""));
        return new Read(
                node,
                what,
                key,
                atLeast,
                run.nodes.time().monotonicNanos(),
                node.clock().wallMillis(),
                node.clock().wallSetBy(),
                loads.isRunning(node, key));
    }

    private void check(Read read, From from, CompletableFuture<Long> call) {
        waiting.add(new Waiting(read.node, read.what, call));
        var unused = call.whenComplete((value, failure) -> {
            if (failure != null) {
                failed(read, failure);
            } else {
                run.narrative.tell(read.node, read.what + " = " + value + (from == From.LOCAL_TIER ? " locally" : ""));
                answered(read, from, value);
            }
        });
    }

    private void failed(Read read, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        run.narrative.tell(read.node, read.what + " failed: " + cause.getMessage());
        if (read.node.isAlive() && !isExpected(cause)) {
            run.wrong(read.what + " failed: " + cause);
        }
    }

    private boolean isExpected(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof LoadException
                && (text.contains(Loads.FAILURE)
                        || text.contains("loadTimeout")
                        || text.contains("asked the cache for its own key"));
    }

    private void answered(Read read, From from, @Nullable Long value) {
        long bound = bound(read.node, from);
        long known = run.truth.known(read.key, read.nanos - bound);
        if (!isAtLeast(read.key, value, read.atLeast)) {
            run.wrong(read.what + " gave " + value + " after a write with " + read.atLeast + " was proven");
        } else if (!isAtLeast(read.key, value, known)) {
            run.wrong(read.what + " gave " + value + ", but the log had " + known + " more than nanos=" + bound
                    + " before it");
        }
        if (value != null
                && !(from == From.ELSEWHERE && read.mayJoin)
                && read.wallSetBy.equals(read.node.clock().wallSetBy())) {
            checkLifetime(read, from, value);
        }
    }

    private void checkLifetime(Read read, From from, long value) {
        // a clock may have been set back between the moment that the lifetime counts from and that of the source's
        // reading
        long set = Duration.ofNanos(run.allSetNanos()).toMillis();
        long joined = from == From.LOCAL_TIER
                ? 0
                : run.plan.cache().loadTimeout().plus(Time.UPKEEP).toMillis()
                        + Duration.ofNanos(run.sleptNanos(read.node)).toMillis();
        long age = read.wallMillis - run.truth.bornMillis(read.key, value) - set - joined;
        long hard = run.plan.cache().hard().toMillis();
        if (age >= hard + run.plan.cache().failSafeFor().toMillis()) {
            run.wrong(read.what + " gave " + value + ", which has expired: milliseconds=" + age);
        } else if (age >= hard && ++failSafeSeen > run.counts.failSafeHits()) {
            run.wrong(read.what + " gave " + value + ", which has expired, and was not counted as fail-safe");
        }
    }

    /** How stale an answer may be, in nanoseconds of all nodes' time. */
    private long bound(TestNode node, From from) {
        long staleness = run.plan.cache().maxStaleness().toNanos();
        long setBack = run.setBackNanos(node);
        long slept = run.sleptNanos(node);
        long local = staleness + (setBack > 0 ? UPKEEP_NANOS + Math.min(setBack, slept) : 0);
        return from == From.LOCAL_TIER ? local : local + run.allSetNanos();
    }

    /** Whether an answer is not older than a number; null may be any number that the source hides. */
    private boolean isAtLeast(String key, @Nullable Long value, long atLeast) {
        if (value != null) {
            return value >= atLeast;
        }
        long newest = run.nodes.database().read(key);
        for (long number = atLeast; number <= newest; number++) {
            if (run.visible(number) == null) {
                return true;
            }
        }
        return false;
    }

    /** Every call at a node that lives has ended. */
    void assertNobodyWaits() {
        for (Waiting one : waiting) {
            if (one.node.isAlive() && !one.call.isDone()) {
                run.wrong(one.what + " on node " + run.nodes.nodes().indexOf(one.node) + " never ended");
            }
        }
    }
}
