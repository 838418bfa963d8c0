package io.g2cache.internal;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the out tier is still to be told: the newest entry of each key and the highest floor of each partition. At most
 * {@link #MOST_IN_FLIGHT} calls are under way at once. A call that succeeds leaves the batch; one that fails is repeated.
 *
 * <p>Concurrency: used by one thread; the out tier reports from any, by way of a queue.
 */
final class OutBatch {
    static final int MOST_IN_FLIGHT = 64;

    private final OutTiers tiers;
    private final Map<CacheKey, Entry> entries = new HashMap<>();
    private final Map<CachePartition, Long> floors = new HashMap<>();
    private final Queue<Step> waiting = new ArrayDeque<>();
    private final LinkedBlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private int inFlight;

    private record CacheKey(String cache, EncodedKey key) {}

    private record CachePartition(String cache, int partition) {}

    private record Step(String cache, Function<OutCache, CompletableFuture<?>> call) {}

    private record Done(Step step, @Nullable Throwable failure) {}

    OutBatch(OutTiers tiers) {
        this.tiers = tiers;
    }

    /** Adds an event's entry; it takes the place of the one of an earlier event that has not been started. */
    void entry(String cache, EncodedKey key, Entry entry) {
        entries.put(new CacheKey(cache, key), entry);
    }

    /** Adds a floor. */
    void floor(String cache, int partition, long version) {
        floors.merge(new CachePartition(cache, partition), version, Math::max);
    }

    boolean isEmpty() {
        return inFlight == 0 && waiting.isEmpty() && entries.isEmpty() && floors.isEmpty();
    }

    /**
     * Goes on with the batch, and waits at most once for a call to end.
     *
     * @return how many calls have succeeded
     * @throws TierException if calls have failed; they are repeated by the next call of this method
     */
    int apply(Duration maxWait) {
        entries.forEach((at, entry) -> waiting.add(new Step(at.cache, tier -> tier.apply(at.key, entry))));
        entries.clear();
        floors.forEach(
                (at, version) -> waiting.add(new Step(at.cache, tier -> tier.raiseFloor(at.partition, version))));
        floors.clear();
        fill();
        int succeeded = 0;
        Done next = inFlight == 0 ? null : await(maxWait);
        while (next != null) {
            inFlight--;
            Throwable failure = next.failure;
            if (failure != null) {
                waiting.add(next.step);
                throw failed(next.step, failure);
            }
            succeeded++;
            fill();
            next = done.poll();
        }
        return succeeded;
    }

    /** Takes in what else has ended, so that one exception stands for all failures until now. */
    private TierException failed(Step first, Throwable failure) {
        int failures = 1;
        for (Done next = done.poll(); next != null; next = done.poll()) {
            inFlight--;
            if (next.failure != null) {
                waiting.add(next.step);
                failures++;
            }
        }
        return new TierException(
                "the out tier refused failures=" + failures + " of the materialiser's calls, first of cache="
                        + first.cache + "; left=" + (waiting.size() + inFlight),
                failure);
    }

    private void fill() {
        while (inFlight < MOST_IN_FLIGHT && !waiting.isEmpty()) {
            start(waiting.remove());
        }
    }

    private void start(Step step) {
        inFlight++;
        CompletableFuture<?> call;
        try {
            call = step.call.apply(tiers.open(step.cache));
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        var unused = call.whenComplete((result, failure) -> done.add(new Done(step, failure)));
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
