package io.g2cache.internal;

import io.g2cache.BulkWriteException;
import io.g2cache.BulkWriteException.KeyOutcome;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.internal.QueuedWrites.Accepted;
import io.g2cache.internal.queue.QueuedEvent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write: to the log first; then, under the version that the log gave, to what this node knows, its local tier and the out
 * tier. Where the log's answer is unknown, the key is dropped locally, which is always safe. Where the log is away, the write
 * is queued, if the cache wants that. Thread-safe; nothing blocks but the disk of the queue.
 */
final class WritePath<K, V> {
    private static final int CLOCK_TRIES = 5;

    private final String cache;
    private final String nodeId;
    private final Sequencer sequencer;
    private final Tiers<K, V> tiers;
    private final CacheFloors floors;
    private final LoadCoalescer<V> coalescer;
    private final WarmRestart restart;
    private final StatsRecorder stats;
    private final @Nullable CacheQueue queue;
    private final Executor disk;

    /** The queue is null where the node has none. */
    WritePath(
            String cache,
            NodeParts node,
            Tiers<K, V> tiers,
            LoadCoalescer<V> coalescer,
            WarmRestart restart,
            StatsRecorder stats,
            @Nullable CacheQueue queue) {
        this.cache = cache;
        this.nodeId = node.nodeId();
        this.sequencer = node.sequencer();
        this.tiers = tiers;
        this.floors = tiers.floors();
        this.coalescer = coalescer;
        this.restart = restart;
        this.stats = stats;
        this.queue = queue != null && queue.takesWrites() ? queue : null;
        this.disk = node.workers().completions();
    }

    /**
     * One key's write.
     *
     * @param userKey the key as the user gave it
     * @param key the key as bytes
     * @param entry what the tiers get; its version is that of the event, once that is known
     * @param publishesValue whether other nodes get the value
     */
    record Write(Object userKey, EncodedKey key, Entry entry, boolean publishesValue) {}

    /**
     * What became of one key.
     *
     * @param outcome what it is
     * @param appended where it was written; null if it was not
     * @param failure why not; null if it was written or queued
     */
    private record Ended(
            KeyOutcome outcome,
            @Nullable Appended appended,
            @Nullable Throwable failure) {}

    /** Writes one key. */
    CompletableFuture<WriteToken> write(Write write, Executor executor) {
        return ended(List.of(write), executor).thenApply(all -> {
            Ended one = all.get(0);
            if (one.failure != null) {
                throw one.failure instanceof RuntimeException e ? e : new CompletionException(one.failure);
            }
            return token(one.outcome == KeyOutcome.QUEUED, offsets(all));
        });
    }

    /** Writes many keys, all sent before the first is waited for. Fails with a {@link BulkWriteException}. */
    CompletableFuture<WriteToken> writeAll(List<Write> writes, Executor executor) {
        return ended(writes, executor).thenApply(all -> bulkToken(writes, all));
    }

    private WriteToken bulkToken(List<Write> writes, List<Ended> all) {
        Map<Object, KeyOutcome> outcomes = new LinkedHashMap<>();
        Throwable first = null;
        for (int i = 0; i < writes.size(); i++) {
            Ended one = all.get(i);
            outcomes.put(writes.get(i).userKey, one.outcome);
            first = first == null ? one.failure : first;
        }
        WriteToken token = token(outcomes.containsValue(KeyOutcome.QUEUED), offsets(all));
        if (first == null) {
            return token;
        }
        long done = outcomes.values().stream().filter(KeyOutcome.DONE::equals).count();
        throw new BulkWriteException(
                "cache=" + cache + ": " + done + " of " + writes.size() + " keys were written", outcomes, token, first);
    }

    private static Map<Integer, Long> offsets(List<Ended> all) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (Ended one : all) {
            if (one.appended != null) {
                offsets.merge(one.appended.partition(), one.appended.version(), Math::max);
            }
        }
        return offsets;
    }

    private WriteToken token(boolean queued, Map<Integer, Long> offsets) {
        return queued
                ? WriteToken.queued(sequencer.generation(), offsets)
                : WriteToken.of(sequencer.generation(), offsets);
    }

    /** Sends all, waits for all, and queues those that found the log away. Completes well, whatever became of them. */
    private CompletableFuture<List<Ended>> ended(List<Write> writes, Executor executor) {
        List<CompletableFuture<Appended>> applied = new ArrayList<>(writes.size());
        writes.forEach(write -> applied.add(attempt(write, executor, CLOCK_TRIES)));
        CompletableFuture<List<Ended>> all = settled(applied).thenApply(done -> {
            List<Ended> ends = new ArrayList<>(applied.size());
            applied.forEach(one -> ends.add(end(one)));
            return ends;
        });
        CacheQueue waiting = queue;
        CompletableFuture<List<Ended>> queued =
                waiting == null ? all : all.thenCompose(ends -> queueThoseAway(waiting, writes, ends, executor));
        return queued.whenComplete((ends, none) -> {
            for (int i = 0; i < writes.size(); i++) {
                writeEnded(writes.get(i), ends.get(i).outcome);
            }
        });
    }

    private static Ended end(CompletableFuture<Appended> applied) {
        Throwable failure = Failures.of(applied);
        return new Ended(outcome(failure), failure == null ? applied.join() : null, failure);
    }

    private CompletableFuture<List<Ended>> queueThoseAway(
            CacheQueue waiting, List<Write> writes, List<Ended> ends, Executor executor) {
        List<Integer> away = new ArrayList<>();
        for (int i = 0; i < ends.size(); i++) {
            if (isAway(ends.get(i).failure)) {
                away.add(i);
            }
        }
        if (away.isEmpty()) {
            return CompletableFuture.completedFuture(ends);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    Accepted accepted = waiting.invalidate(
                            away.stream().map(i -> writes.get(i).key).toList());
                    for (int n = 0; n < away.size(); n++) {
                        int i = away.get(n);
                        ends.set(
                                i,
                                n < accepted.count()
                                        ? new Ended(KeyOutcome.QUEUED, null, null)
                                        : new Ended(
                                                ends.get(i).outcome,
                                                null,
                                                accepted.refusal(
                                                        ends.get(i).outcome == KeyOutcome.FAILED
                                                                ? Outcome.FAILED
                                                                : Outcome.UNKNOWN)));
                    }
                    return ends;
                },
                disk(executor));
    }

    /** The disk is waited for in the caller of a synchronous call, and never on the few threads of short steps. */
    private Executor disk(Executor executor) {
        return executor instanceof CallerExecutor ? executor : disk;
    }

    /** Whether the log may take the same later: not if it was there and has refused, nor if the failure is no answer of its. */
    private static boolean isAway(@Nullable Throwable failure) {
        return failure instanceof SyncLogException e && !e.isRefusal();
    }

    /**
     * Clears the cache: one event in each partition. Without a log, what a kept tier holds is dead after a restart only if the
     * floor was noted.
     */
    CompletableFuture<WriteToken> clear(Executor executor) {
        return everywhere(
                        new Event.Clear(cache, nodeId),
                        this::clearApplied,
                        QueuedEvent.clear(cache),
                        "were cleared",
                        executor)
                .whenComplete((token, failure) -> everywhereEnded(Counter.CLEAR, token, failure));
    }

    private CompletableFuture<Appended> clearApplied(Appended appended) {
        floors.raise(appended.partition(), appended.version());
        coalescer.detachAll();
        return tiers.out().raiseFloor(appended.partition(), appended.version()).thenApply(done -> appended);
    }

    /** Makes the entries with a tag invalid: one event in each partition. For a kept tier, the same as for a clear. */
    CompletableFuture<WriteToken> invalidateTag(String tag, Executor executor) {
        long hash = Tags.hash(tag);
        return everywhere(
                        new Event.Tag(cache, tag, nodeId),
                        appended -> tagApplied(appended, hash),
                        QueuedEvent.tag(cache, tag),
                        "have tag='" + tag + "' invalidated",
                        executor)
                .whenComplete((token, failure) -> everywhereEnded(Counter.INVALIDATE_TAG, token, failure));
    }

    private CompletableFuture<Appended> tagApplied(Appended appended, long tag) {
        int partition = appended.partition();
        floors.raiseTag(partition, tag, appended.version());
        coalescer.detachAll();
        return tiers.out()
                .raiseFloor(Tags.floorNumber(partition, tag), appended.version())
                .thenApply(done -> appended);
    }

    private void everywhereEnded(Counter done, @Nullable WriteToken token, @Nullable Throwable failure) {
        if (failure != null || token == null) {
            stats.count(Counter.WRITE_FAILURE);
        } else {
            stats.count(token.isQueued() ? Counter.WRITE_QUEUED : done);
        }
    }

    /**
     * Appends the event to each partition and applies it there. This has failed only if no partition took it; otherwise some may
     * have, and the caller repeats it. It is queued as a whole if the log was away for a part of it.
     */
    private CompletableFuture<WriteToken> everywhere(
            Event event,
            Function<Appended, CompletableFuture<Appended>> apply,
            QueuedEvent later,
            String what,
            Executor executor) {
        List<CompletableFuture<Appended>> appended = new ArrayList<>();
        for (int p = 0; p < sequencer.partitions(); p++) {
            appended.add(append(p, event).thenComposeAsync(apply, executor));
        }
        return settled(appended).thenCompose(done -> {
            if (!sequencer.isShared()) {
                restart.checkpoint();
            }
            return everywhereToken(appended.stream().map(WritePath::end).toList(), later, what, executor);
        });
    }

    private CompletableFuture<WriteToken> everywhereToken(
            List<Ended> all, QueuedEvent later, String what, Executor executor) {
        List<Ended> failed = all.stream().filter(one -> one.failure != null).toList();
        if (failed.isEmpty()) {
            return CompletableFuture.completedFuture(token(false, offsets(all)));
        }
        boolean nothingDone = all.stream().allMatch(one -> one.outcome == KeyOutcome.FAILED);
        Outcome outcome = nothingDone ? Outcome.FAILED : Outcome.UNKNOWN;
        CacheQueue waiting = queue;
        if (waiting == null || !failed.stream().allMatch(one -> isAway(one.failure))) {
            return CompletableFuture.failedFuture(new SyncLogException(
                    outcome,
                    "cache=" + cache + ": " + (all.size() - failed.size()) + " of " + all.size() + " partitions "
                            + what,
                    Objects.requireNonNull(failed.get(0).failure)));
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    Accepted accepted = waiting.invalidate(later);
                    if (accepted.count() == 0) {
                        throw accepted.refusal(outcome);
                    }
                    return token(true, offsets(all));
                },
                disk(executor));
    }

    /** Appends to the log, unless it is known to be away and the write will be queued. */
    private CompletableFuture<Appended> append(int partition, Event event) {
        return queue != null && queue.isAway(partition)
                ? CompletableFuture.failedFuture(
                        new SyncLogException(Outcome.FAILED, "the log is away, partition=" + partition))
                : sequencer.append(partition, event);
    }

    private CompletableFuture<Appended> attempt(Write write, Executor executor, int tries) {
        Event event = write.publishesValue
                ? new Event.Put(cache, write.key.bytes(), nodeId, tiers.seals().seal(write.key, write.entry))
                : new Event.Invalidate(cache, write.key.bytes(), nodeId);
        return append(write.key.partition(), event)
                .thenComposeAsync(
                        appended -> {
                            CompletableFuture<Boolean> applied =
                                    tiers.applyOwn(write.key, write.entry.withVersion(appended.version()));
                            coalescer.detach(write.key);
                            return applied.thenCompose(stored -> stored || sequencer.isShared() || tries <= 1
                                    ? CompletableFuture.completedFuture(appended)
                                    : overtake(write, executor, tries - 1));
                        },
                        executor);
    }

    /**
     * Without a log, versions come from the nodes' clocks, and the out tier may hold a version of a clock that is ahead: the
     * write takes a version beyond what is there.
     */
    private CompletableFuture<Appended> overtake(Write write, Executor executor, int tries) {
        return tiers.out().read(write.key).thenComposeAsync(seen -> attempt(write, executor, tries), executor);
    }

    private void writeEnded(Write write, KeyOutcome outcome) {
        switch (outcome) {
            case DONE -> stats.count(write.entry.isTombstone() ? Counter.INVALIDATE : Counter.PUT);
            case QUEUED -> stats.count(Counter.WRITE_QUEUED);
            case FAILED -> stats.count(Counter.WRITE_FAILURE);
            case UNKNOWN -> {
                stats.count(Counter.WRITE_FAILURE);
                coalescer.detach(write.key);
                tiers.discard(write.key);
            }
        }
    }

    /** Completes, always well, when all of them have ended. */
    private static CompletableFuture<Void> settled(List<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> null);
    }

    /** Anything but a definite refusal by the log is unknown. */
    private static KeyOutcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return KeyOutcome.DONE;
        }
        return failure instanceof SyncLogException e && e.outcome() == Outcome.FAILED
                ? KeyOutcome.FAILED
                : KeyOutcome.UNKNOWN;
    }
}
