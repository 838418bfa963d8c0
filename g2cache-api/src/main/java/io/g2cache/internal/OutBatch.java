package io.g2cache.internal;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutFloors;
import io.g2cache.spi.OutSlot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the out tier is still to be told: the newest entry of each key, and floors. Entries are compared first, by bulk reads, and
 * only those are written, one by one, that the tier is behind or that their writers have stored early. At most
 * {@link #MOST_IN_FLIGHT} calls are under way at once. A call that succeeds leaves the batch; one that fails is repeated.
 *
 * <p>Concurrency: used by one thread; the out tier reports from any, by way of a queue.
 */
final class OutBatch {
    static final int MOST_IN_FLIGHT = 64;
    static final int MOST_IN_READ = 500;

    private final OutTiers tiers;
    private final Map<String, Map<EncodedKey, Entry>> entries = new HashMap<>();
    private final Queue<Step> waiting = new ArrayDeque<>();
    private final LinkedBlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private int inFlight;

    /** A call, which yields the calls that follow from it. */
    private record Step(String what, Supplier<CompletableFuture<List<Step>>> call) {}

    private record Done(
            Step step, @Nullable List<Step> next, @Nullable Throwable failure) {}

    OutBatch(OutTiers tiers) {
        this.tiers = tiers;
    }

    /** Adds an event's entry; of those of a key that have not been started, the newest counts. */
    void entry(String cache, EncodedKey key, Entry entry) {
        entries.computeIfAbsent(cache, name -> new HashMap<>())
                .merge(key, entry, (before, now) -> now.version() < before.version() ? before : now);
    }

    /** Adds a floor of a cache. */
    void floor(String cache, int number, long version) {
        floor("cache=" + cache, () -> tiers.unguarded(cache), number, version);
    }

    /** Adds a floor of all caches. */
    void floorOfAll(int number, long version) {
        floor("all caches", tiers::ledger, number, version);
    }

    private void floor(String where, Supplier<OutFloors> floors, int number, long version) {
        waiting.add(
                new Step(where, () -> floors.get().raiseFloor(number, version).thenApply(raised -> List.of())));
    }

    boolean isEmpty() {
        return inFlight == 0 && waiting.isEmpty() && entries.isEmpty();
    }

    /**
     * Goes on with the batch, and waits at most once for a call to end.
     *
     * @return how many calls have succeeded
     * @throws TierException if calls have failed; they are repeated by the next call of this method
     */
    int apply(Duration maxWait) {
        entries.forEach(this::read);
        entries.clear();
        fill();
        int succeeded = 0;
        Done next = inFlight == 0 ? null : await(maxWait);
        while (next != null) {
            take(next);
            Throwable failure = next.failure;
            if (failure != null) {
                throw failed(next.step, failure);
            }
            succeeded++;
            fill();
            next = done.poll();
        }
        return succeeded;
    }

    private void read(String cache, Map<EncodedKey, Entry> wanted) {
        List<EncodedKey> keys = List.copyOf(wanted.keySet());
        for (int from = 0; from < keys.size(); from += MOST_IN_READ) {
            waiting.add(readStep(cache, keys.subList(from, Math.min(keys.size(), from + MOST_IN_READ)), wanted));
        }
    }

    private Step readStep(String cache, List<EncodedKey> keys, Map<EncodedKey, Entry> wanted) {
        return new Step(
                "cache=" + cache,
                () -> tiers.unguarded(cache).readAll(keys).thenApply(slots -> behind(cache, keys, slots, wanted)));
    }

    private List<Step> behind(
            String cache, List<EncodedKey> keys, Map<EncodedKey, OutSlot> slots, Map<EncodedKey, Entry> wanted) {
        List<Step> writes = new ArrayList<>();
        for (EncodedKey key : keys) {
            Entry entry = Objects.requireNonNull(wanted.get(key));
            OutSlot held = slots.getOrDefault(key, OutSlot.EMPTY);
            if (held.givesWayTo(entry)) {
                writes.add(writeStep(cache, key, wanted, tier -> tier.apply(key, entry)));
            } else if (held.isToConfirm(entry)) {
                writes.add(writeStep(cache, key, wanted, tier -> tier.confirm(key, held)));
            }
        }
        return writes;
    }

    /** Who is refused has been overtaken since the read, by a newer event or by the event's own writer, and looks again. */
    private Step writeStep(
            String cache,
            EncodedKey key,
            Map<EncodedKey, Entry> wanted,
            Function<OutCache, CompletableFuture<Boolean>> write) {
        return new Step(
                "cache=" + cache,
                () -> write.apply(tiers.unguarded(cache))
                        .thenApply(stored -> stored ? List.of() : List.of(readStep(cache, List.of(key), wanted))));
    }

    private void take(Done ended) {
        inFlight--;
        if (ended.next == null) {
            waiting.add(ended.step);
        } else {
            waiting.addAll(ended.next);
        }
    }

    /** Takes in what else has ended, so that one exception stands for all failures until now. */
    private TierException failed(Step first, Throwable failure) {
        int failures = 1;
        for (Done next = done.poll(); next != null; next = done.poll()) {
            take(next);
            failures += next.failure == null ? 0 : 1;
        }
        return new TierException(
                "the out tier refused failures=" + failures + " of the materialiser's calls, first of " + first.what
                        + "; left=" + (waiting.size() + inFlight),
                failure);
    }

    private void fill() {
        while (inFlight < MOST_IN_FLIGHT && !waiting.isEmpty()) {
            start(waiting.remove());
        }
    }

    private void start(Step step) {
        inFlight++;
        CompletableFuture<List<Step>> call;
        try {
            call = step.call.get();
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        var unused = call.whenComplete((next, failure) -> done.add(new Done(step, next, failure)));
    }

    private @Nullable Done await(Duration maxWait) {
        Done ended = done.poll();
        if (ended != null || maxWait.isZero()) {
            return ended;
        }
        try {
            return done.poll(maxWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
