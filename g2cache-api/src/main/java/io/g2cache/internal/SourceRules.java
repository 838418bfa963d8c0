package io.g2cache.internal;

import io.g2cache.LoadException;
import io.g2cache.spi.StatsRecorder.Counter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a cache does about a slow or failing source. Thread-safe.
 *
 * @param patience how long readers wait, and what they get instead
 * @param ahead when hot entries are refreshed early
 * @param others lets one node of the cluster load; null if each does for itself
 * @param workers where loaders run that no caller must be bound to; null if they run in their callers' threads
 * @param places how many loads may be under way
 */
record SourceRules<K, V>(
        Patience<K, V> patience,
        RefreshAhead ahead,
        @Nullable ClusterLoads<V> others,
        @Nullable Workers workers,
        LoadPlaces places) {

    /**
     * Where a load's steps run until it is through: as the caller says, or on a thread that the caller can leave. A flow that runs
     * them keeps its place until then, whatever its caller was given meanwhile.
     *
     * @throws LoadException if there is no such thread, as too many loads are under way
     */
    Executor placeOf(Executor callers, CompletableFuture<?> through) {
        if (callers instanceof Workers.Flow flow) {
            flow.runs(through);
        }
        if (workers == null || !(callers instanceof CallerExecutor)) {
            return callers;
        }
        Workers.Flow flow = workers.tryEnter(() -> patience.stats().count(Counter.EXECUTOR_FULL));
        if (flow == null) {
            throw new LoadException("too many loads are under way, active=" + workers.active());
        }
        var unused = through.whenComplete((value, failure) -> flow.end());
        return flow;
    }
}
