package io.g2cache.hazelcast;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls on the maps of one cache, or of the ledger, each with its deadline; and the floors, which both have. Thread-safe;
 * nothing blocks.
 */
final class MapCalls {
    private final CacheMaps maps;
    private final Calls calls;
    private final Executor executor;
    private final OutOptions options;
    private final Breaker breaker;
    private final AtomicBoolean closed;

    MapCalls(CacheMaps maps, Calls calls, Executor executor, OutOptions options, Breaker breaker) {
        this(maps, calls, executor, options, breaker, new AtomicBoolean());
    }

    private MapCalls(
            CacheMaps maps, Calls calls, Executor executor, OutOptions options, Breaker breaker, AtomicBoolean closed) {
        this.maps = maps;
        this.calls = calls;
        this.executor = executor;
        this.options = options;
        this.breaker = breaker;
        this.closed = closed;
    }

    /** The same without a breaker; closed with this object. */
    MapCalls unguarded() {
        return new MapCalls(maps, calls, executor, options, Breaker.none(), closed);
    }

    /** Blocking work of a call on its maps. */
    @FunctionalInterface
    interface Work<T> {
        T on(Call<T> call, CacheMaps.Connected maps);
    }

    /** Begins a call that is refused if this is closed, or the tier is away. */
    <T> Call<T> begin(String what, Duration timeout) {
        return begin(what, timeout, 1);
    }

    private <T> Call<T> begin(String what, Duration timeout, int steps) {
        boolean isClosed = closed.get();
        if (isClosed || !breaker.lets()) {
            Call<T> refused = calls.without(maps.name() + " " + what, executor);
            if (isClosed) {
                refused.abandon("refused: the tier is closed");
            } else {
                refused.refuse(breaker.reason());
            }
            return refused;
        }
        Call<T> call = calls.begin(maps.name() + " " + what, timeout, executor);
        long began = TimeSource.SYSTEM.monotonicNanos();
        var unused = call.future()
                .whenComplete((value, failure) ->
                        breaker.ended(failure == null, TimeSource.SYSTEM.monotonicNanos() - began, steps));
        return call;
    }

    /** A call whose work blocks a thread of the pool. */
    <T> CompletableFuture<T> blocking(String what, Duration timeout, Work<T> work) {
        return blocking(what, timeout, 1, work);
    }

    /** The same for a call that may take as long as so many. */
    <T> CompletableFuture<T> blocking(String what, Duration timeout, int steps, Work<T> work) {
        Call<T> call = begin(what, timeout.multipliedBy(steps), steps);
        if (!call.settled()) {
            maps.use(call, m -> calls.work(call, () -> work.on(call, m)));
        }
        return call.future();
    }

    /** The floors. */
    CompletableFuture<Map<Integer, Long>> floors() {
        return blocking("floors", options.writeTimeout(), (call, m) -> {
            Map<Integer, Long> floors = new HashMap<>();
            m.floors().entrySet().forEach(floor -> floors.put(floor.getKey(), floor.getValue()));
            return Map.copyOf(floors);
        });
    }

    /** Raises a floor. */
    @SuppressWarnings("NullAway") // a Void future completes with null
    CompletableFuture<Void> raiseFloor(int number, long version) {
        return blocking("raiseFloor", options.writeTimeout(), (call, m) -> {
            ConditionalWrites.raise(CasMap.of(m.floors()), number, version, call::settled);
            return null;
        });
    }

    /** Refuses further calls. */
    void close() {
        closed.set(true);
    }
}
