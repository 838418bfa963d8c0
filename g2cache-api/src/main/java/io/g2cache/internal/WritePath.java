package io.g2cache.internal;

import io.g2cache.BulkWriteException;
import io.g2cache.BulkWriteException.KeyOutcome;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write: to the log first; then, under the version that the log gave, to what this node knows, its local tier and the out
 * tier. Where the log's answer is unknown, the key is dropped locally, which is always safe. Thread-safe; nothing blocks.
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

    WritePath(
            String cache,
            String nodeId,
            Sequencer sequencer,
            Tiers<K, V> tiers,
            CacheFloors floors,
            LoadCoalescer<V> coalescer,
            WarmRestart restart,
            StatsRecorder stats) {
        this.cache = cache;
        this.nodeId = nodeId;
        this.sequencer = sequencer;
        this.tiers = tiers;
        this.floors = floors;
        this.coalescer = coalescer;
        this.restart = restart;
        this.stats = stats;
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

    /** Writes one key. */
    CompletableFuture<WriteToken> write(Write write, Executor executor) {
        return apply(write, executor).thenApply(this::token);
    }

    /** Writes many keys, all sent before the first is waited for. Fails with a {@link BulkWriteException}. */
    CompletableFuture<WriteToken> writeAll(List<Write> writes, Executor executor) {
        List<CompletableFuture<Appended>> applied = new ArrayList<>(writes.size());
        writes.forEach(write -> applied.add(apply(write, executor)));
        return settled(applied).thenApply(done -> bulkToken(writes, applied));
    }

    private WriteToken bulkToken(List<Write> writes, List<CompletableFuture<Appended>> applied) {
        Map<Object, KeyOutcome> outcomes = new LinkedHashMap<>();
        Map<Integer, Long> offsets = new HashMap<>();
        Throwable first = null;
        for (int i = 0; i < writes.size(); i++) {
            Throwable failure = failure(applied.get(i));
            if (failure == null) {
                Appended appended = applied.get(i).join();
                offsets.merge(appended.partition(), appended.version(), Math::max);
            } else if (first == null) {
                first = failure;
            }
            outcomes.put(writes.get(i).userKey, outcome(failure));
        }
        WriteToken token = WriteToken.of(sequencer.generation(), offsets);
        if (first == null) {
            return token;
        }
        long done = outcomes.values().stream().filter(KeyOutcome.DONE::equals).count();
        throw new BulkWriteException(
                "cache=" + cache + ": " + done + " of " + writes.size() + " keys were written", outcomes, token, first);
    }

    /**
     * Clears the cache: one event in each partition. Without a log, what a kept tier holds is dead after a restart only if the
     * floor was noted.
     */
    CompletableFuture<WriteToken> clear(Executor executor) {
        return everywhere(new Event.Clear(cache, nodeId), this::clearApplied, executor)
                .thenApply(cleared -> token(cleared, "were cleared", Counter.CLEAR));
    }

    private CompletableFuture<Appended> clearApplied(Appended appended) {
        floors.raise(appended.partition(), appended.version());
        coalescer.detachAll();
        return tiers.out().raiseFloor(appended.partition(), appended.version()).thenApply(done -> appended);
    }

    /** Makes the entries with a tag invalid: one event in each partition. For a kept tier, the same as for a clear. */
    CompletableFuture<WriteToken> invalidateTag(String tag, Executor executor) {
        long hash = Tags.hash(tag);
        return everywhere(new Event.Tag(cache, tag, nodeId), appended -> tagApplied(appended, hash), executor)
                .thenApply(done -> token(done, "have tag='" + tag + "' invalidated", Counter.INVALIDATE_TAG));
    }

    private CompletableFuture<Appended> tagApplied(Appended appended, long tag) {
        int partition = appended.partition();
        floors.raiseTag(partition, tag, appended.version());
        coalescer.detachAll();
        return tiers.out()
                .raiseFloor(Tags.floorNumber(partition, tag), appended.version())
                .thenApply(done -> appended);
    }

    /** Appends the event to each partition and applies it there. Completes, always well, when all of that has ended. */
    private CompletableFuture<List<CompletableFuture<Appended>>> everywhere(
            Event event, Function<Appended, CompletableFuture<Appended>> apply, Executor executor) {
        List<CompletableFuture<Appended>> appended = new ArrayList<>();
        for (int p = 0; p < sequencer.partitions(); p++) {
            appended.add(sequencer.append(p, event).thenComposeAsync(apply, executor));
        }
        return settled(appended).thenApply(done -> {
            if (!sequencer.isShared()) {
                restart.checkpoint();
            }
            return appended;
        });
    }

    /** This has failed only if no partition took it; otherwise some may have, and the caller repeats it. */
    private WriteToken token(List<CompletableFuture<Appended>> appended, String what, Counter counter) {
        Map<Integer, Long> offsets = new HashMap<>();
        boolean nothingDone = true;
        Throwable first = null;
        for (CompletableFuture<Appended> one : appended) {
            Throwable failure = failure(one);
            nothingDone &= outcome(failure) == KeyOutcome.FAILED;
            if (failure == null) {
                offsets.put(one.join().partition(), one.join().version());
            } else if (first == null) {
                first = failure;
            }
        }
        if (first != null) {
            stats.count(Counter.WRITE_FAILURE);
            throw new SyncLogException(
                    nothingDone ? Outcome.FAILED : Outcome.UNKNOWN,
                    "cache=" + cache + ": " + offsets.size() + " of " + appended.size() + " partitions " + what,
                    first);
        }
        stats.count(counter);
        return WriteToken.of(sequencer.generation(), offsets);
    }

    private CompletableFuture<Appended> apply(Write write, Executor executor) {
        return attempt(write, executor, CLOCK_TRIES).whenComplete((appended, failure) -> writeEnded(write, failure));
    }

    private CompletableFuture<Appended> attempt(Write write, Executor executor, int tries) {
        Event event = write.publishesValue
                ? new Event.Put(cache, write.key.bytes(), nodeId, tiers.seals().seal(write.key, write.entry))
                : new Event.Invalidate(cache, write.key.bytes(), nodeId);
        return sequencer
                .append(write.key.partition(), event)
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

    private void writeEnded(Write write, @Nullable Throwable failure) {
        if (failure == null) {
            stats.count(write.entry.isTombstone() ? Counter.INVALIDATE : Counter.PUT);
            return;
        }
        stats.count(Counter.WRITE_FAILURE);
        if (outcome(failure) == KeyOutcome.UNKNOWN) {
            coalescer.detach(write.key);
            tiers.discard(write.key);
        }
    }

    private WriteToken token(Appended appended) {
        return WriteToken.of(sequencer.generation(), Map.of(appended.partition(), appended.version()));
    }

    /** Completes, always well, when all of them have ended. */
    private static CompletableFuture<Void> settled(List<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> null);
    }

    private static @Nullable Throwable failure(CompletableFuture<?> ended) {
        try {
            ended.join();
            return null;
        } catch (CompletionException e) {
            return Failures.origin(e);
        }
    }

    /** Anything but a definite refusal by the log is unknown. */
    private static KeyOutcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return KeyOutcome.DONE;
        }
        return Failures.origin(failure) instanceof SyncLogException e && e.outcome() == Outcome.FAILED
                ? KeyOutcome.FAILED
                : KeyOutcome.UNKNOWN;
    }
}
