package io.g2cache.hazelcast;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutSlot;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The shared tier of one cache. Holds no state of its own but whether it is closed; every method starts a {@link Call}
 * and returns its future.
 */
final class HazelcastOutCache implements OutCache {
    private static final int BULK_STEP = 1000;

    private final CacheMaps maps;
    private final Calls calls;
    private final OutOptions options;
    private final Executor executor;
    private final Runnable onClose;
    private volatile boolean closed;

    HazelcastOutCache(CacheMaps maps, Calls calls, OutOptions options, OutContext context, Runnable onClose) {
        this.maps = maps;
        this.calls = calls;
        this.options = options;
        this.executor = context.executor();
        this.onClose = onClose;
    }

    @Override
    public CompletableFuture<OutSlot> read(EncodedKey key) {
        Call<OutSlot> call = begin("read", options.readTimeout());
        if (!call.settled()) {
            maps.use(call, m -> call.answeredBy(m.entries().getAsync(key.bytes()), OutRecord::slot));
        }
        return call.future();
    }

    @Override
    public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
        List<EncodedKey> wanted = List.copyOf(keys);
        Duration timeout = options.readTimeout().multipliedBy(1L + wanted.size() / BULK_STEP);
        return blocking("readAll", timeout, (call, m) -> slots(m, wanted));
    }

    @Override
    public CompletableFuture<OutSlot> lease(EncodedKey key) {
        return blocking(
                "lease",
                options.writeTimeout(),
                (call, m) -> ConditionalWrites.lease(CasMap.of(m.entries()), key.bytes(), options.leaseLife()));
    }

    @Override
    public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
        Object token = lease.token();
        return blocking(
                "fill",
                options.writeTimeout(),
                (call, m) ->
                        token != null && ConditionalWrites.fill(CasMap.of(m.entries()), key.bytes(), token, entry));
    }

    @Override
    public CompletableFuture<Boolean> apply(EncodedKey key, Entry entry) {
        return blocking(
                "apply",
                options.writeTimeout(),
                (call, m) -> ConditionalWrites.apply(CasMap.of(m.entries()), key.bytes(), entry, call::settled));
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> floors() {
        return blocking("floors", options.writeTimeout(), (call, m) -> {
            Map<Integer, Long> floors = new HashMap<>();
            m.floors().entrySet().forEach(floor -> floors.put(floor.getKey(), floor.getValue()));
            return Map.copyOf(floors);
        });
    }

    @Override
    @SuppressWarnings("NullAway") // a Void future completes with null
    public CompletableFuture<Void> raiseFloor(int partition, long version) {
        return blocking("raiseFloor", options.writeTimeout(), (call, m) -> {
            ConditionalWrites.raise(CasMap.of(m.floors()), partition, version, call::settled);
            return null;
        });
    }

    @Override
    public void close() {
        closed = true;
        onClose.run();
    }

    /** Blocking work of a call on its maps. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Call<T> call, CacheMaps.Connected maps);
    }

    private <T> CompletableFuture<T> blocking(String what, Duration timeout, Work<T> work) {
        Call<T> call = begin(what, timeout);
        if (!call.settled()) {
            maps.use(call, m -> calls.work(call, () -> work.on(call, m)));
        }
        return call.future();
    }

    private <T> Call<T> begin(String what, Duration timeout) {
        Call<T> call = calls.begin(maps.name() + " " + what, timeout, executor);
        if (closed) {
            call.abandon("refused: the tier is closed");
        }
        return call;
    }

    private static Map<EncodedKey, OutSlot> slots(CacheMaps.Connected maps, List<EncodedKey> keys) {
        Set<Object> wanted = new HashSet<>();
        keys.forEach(key -> wanted.add(key.bytes()));
        Map<ByteBuffer, Object> held = new HashMap<>();
        maps.entries().getAll(wanted).forEach((key, value) -> held.put(ByteBuffer.wrap((byte[]) key), value));
        Map<EncodedKey, OutSlot> slots = new HashMap<>();
        keys.forEach(key -> slots.put(key, OutRecord.slot(held.get(ByteBuffer.wrap(key.bytes())))));
        return slots;
    }
}
