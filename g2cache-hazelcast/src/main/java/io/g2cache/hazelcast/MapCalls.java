package io.g2cache.hazelcast;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The calls on the maps of one cache, or of the ledger, each with its deadline; and the floors, which both have. Thread-safe;
 * nothing blocks.
 */
final class MapCalls {
    private final CacheMaps maps;
    private final Calls calls;
    private final Executor executor;
    private final OutOptions options;
    private volatile boolean closed;

    MapCalls(CacheMaps maps, Calls calls, Executor executor, OutOptions options) {
        this.maps = maps;
        this.calls = calls;
        this.executor = executor;
        this.options = options;
    }

    /** Blocking work of a call on its maps. */
    @FunctionalInterface
    interface Work<T> {
        T on(Call<T> call, CacheMaps.Connected maps);
    }

    /** Begins a call that is refused if this is closed. */
    <T> Call<T> begin(String what, Duration timeout) {
        Call<T> call = calls.begin(maps.name() + " " + what, timeout, executor);
        if (closed) {
            call.abandon("refused: the tier is closed");
        }
        return call;
    }

    /** A call whose work blocks a thread of the pool. */
    <T> CompletableFuture<T> blocking(String what, Duration timeout, Work<T> work) {
        Call<T> call = begin(what, timeout);
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
        closed = true;
    }
}
