package io.g2cache.testkit.races;

import io.g2cache.SyncLogException;
import io.g2cache.WriteToken;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Event;
import io.g2cache.testkit.TestNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Writes: the source first, then the cache, by a writer that may die in between; what was not acknowledged is owed. Used by one
 * thread.
 */
final class Writes {
    private final Run run;
    private final TreeSet<String> owed = new TreeSet<>();
    private final Map<TestNode, List<String>> underWay = new HashMap<>();
    private int number;

    Writes(Run run) {
        this.run = run;
    }

    void any(TestNode node, String key) {
        int how = run.random.nextInt(28);
        if (how < 13) {
            run.update(key);
            invalidate(node, key);
        } else if (how < 15) {
            run.update(key);
            owed.add(key);
            run.narrative.tell(node, "forgets to invalidate " + key);
        } else if (how < 18) {
            invalidateAndDie(key);
        } else if (how < 22) {
            put(key);
        } else if (how < 23) {
            clear(node);
        } else if (how < 25) {
            invalidateTag(node);
        } else if (how < 26) {
            invalidateAll(node);
        } else if (how < 27 && run.random.nextInt(2) == 0) {
            unreadable(key);
        } else if (!owed.isEmpty()) {
            invalidate(node, owed.first());
        }
    }

    void invalidate(TestNode node, String key) {
        owed.remove(key);
        String what = "invalidate of " + key;
        wrote(node, what, List.of(key), true, () -> node.cache().invalidateAsync(key));
    }

    /** A writer outside of all nodes dies between log and tiers. */
    void invalidateAndDie(String key) {
        run.update(key);
        owed.remove(key);
        run.narrative.tell(null, "a dying writer invalidates " + key);
        run.nodes.invalidateAndDie(key);
    }

    private void invalidateAll(TestNode node) {
        List<String> keys = run.plan.keyNames();
        keys.forEach(run::update);
        wrote(node, "invalidateAll", keys, false, () -> node.cache().invalidateAllAsync(keys));
    }

    /** Only one node puts a key, in one step with the source, so that the log has the order of the source. */
    void put(String key) {
        TestNode owner = owner(key);
        if (!run.awake().contains(owner)) {
            return;
        }
        long value = run.update(key);
        if (run.visible(value) == null) {
            value = run.update(key);
        }
        long put = value;
        run.truth.born(key, put, owner.clock().wallMillis());
        wrote(
                owner,
                "put of " + key + "=" + put,
                List.of(key),
                true,
                () -> owner.cache().putAsync(key, put));
    }

    /** Who puts a key, unless it is dead or asleep. */
    TestNode owner(String key) {
        return run.nodes.node(run.plan.keyNames().indexOf(key) % 2);
    }

    void clear(TestNode node) {
        List<String> keys = run.plan.keyNames();
        keys.forEach(run::update);
        wrote(node, "clear", keys, false, () -> node.cache().clearAsync());
    }

    /** Changes every key with a tag of one, at times by a writer that dies; where entries have no tags this does nothing. */
    void invalidateTag(TestNode node) {
        if (!run.plan.cache().tags()) {
            return;
        }
        String tag = run.random.nextBoolean() ? "all" : "only " + run.anyKey();
        List<String> tagged = run.plan.keyNames().stream()
                .filter(key -> Plan.tagsOf(key).contains(tag))
                .toList();
        tagged.forEach(run::update);
        if (run.random.nextInt(4) == 0) {
            run.narrative.tell(null, "a dying writer invalidates tag " + tag);
            run.nodes.invalidateTagAndDie(tag);
        } else {
            wrote(
                    node,
                    "invalidateTag " + tag,
                    tagged,
                    false,
                    () -> node.cache().invalidateTagAsync(tag));
        }
    }

    /** An event that nobody can read; of some even the key is unknown. */
    private void unreadable(String key) {
        run.update(key);
        EncodedKey encoded = run.nodes.key(key);
        boolean hasKey = run.random.nextBoolean();
        run.narrative.tell(null, "foreign bytes " + (hasKey ? "for " : "in the partition of ") + key);
        Event event = new Event.Unreadable(
                hasKey ? run.nodes.cacheName() : null, hasKey ? encoded.bytes() : null, "foreign bytes");
        run.nodes.log().append(encoded.partition(), event).join();
    }

    private interface Call {
        CompletableFuture<WriteToken> start();
    }

    private void wrote(TestNode node, String how, List<String> keys, boolean isSingle, Call call) {
        Map<String, Long> atLeast = new HashMap<>();
        keys.forEach(key -> {
            atLeast.put(key, run.nodes.database().read(key));
            underWay.computeIfAbsent(node, n -> new ArrayList<>()).add(key);
        });
        String what = how + " #" + ++number;
        run.narrative.tell(node, what + " " + numbers(keys, atLeast));
        run.writing(node, 1);
        CompletableFuture<WriteToken> started = call.start();
        List<String> kept = olderOnes(node, atLeast);
        var unused = started.whenComplete((token, failure) -> {
            run.writing(node, -1);
            keys.forEach(key -> underWay.getOrDefault(node, new ArrayList<>()).remove(key));
            if (failure != null) {
                owed.addAll(keys);
                run.narrative.tell(node, what + " failed: " + failure.getMessage());
                if (isSingle && !run.plan.cache().queue()) {
                    requireDropped(what, kept, failure);
                }
                return;
            }
            run.narrative.tell(node, what + " = " + token.offsets() + (token.isQueued() ? " queued" : ""));
            keys.forEach(key -> acknowledged(node, key, atLeast.getOrDefault(key, 0L), token));
        });
    }

    private static String numbers(List<String> keys, Map<String, Long> atLeast) {
        StringBuilder text = new StringBuilder();
        keys.forEach(key -> text.append(text.isEmpty() ? "" : ", ")
                .append(key)
                .append(" is ")
                .append(atLeast.get(key)));
        return text.toString();
    }

    /** The keys of which a node's local tier holds something older. */
    private List<String> olderOnes(TestNode node, Map<String, Long> atLeast) {
        return atLeast.keySet().stream()
                .filter(key -> {
                    Long held = run.nodes.local(node, key);
                    return held != null && held < atLeast.getOrDefault(key, 0L);
                })
                .toList();
    }

    /**
     * What may have been written of a single key is dropped by the local tier, and that at once, as these logs answer at once. A
     * queue changes the answer, and what is written together ends together.
     */
    private void requireDropped(String what, List<String> kept, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean isUnknown = cause instanceof SyncLogException one && one.outcome() == SyncLogException.Outcome.UNKNOWN;
        if (isUnknown && !kept.isEmpty()) {
            run.wrong(what + " may have been written, and the local tier has kept " + kept);
        }
    }

    private void acknowledged(TestNode node, String key, long atLeast, WriteToken token) {
        run.proofs.wrote(node, key, atLeast);
        if (!token.isQueued()) {
            run.proofs.proven(token, key, atLeast);
        }
    }

    /** What a killed node has not brought to its end, or has only queued, somebody must do again. */
    void killed(TestNode node) {
        owed.addAll(underWay.getOrDefault(node, List.of()));
        if (run.plan.cache().queue()) {
            owed.addAll(run.plan.keyNames());
        }
    }

    /** Writes what is owed; returns whether something was. */
    boolean pay() {
        List<String> all = List.copyOf(owed);
        all.forEach(key -> invalidate(run.anyNode(), key));
        return !all.isEmpty();
    }
}
