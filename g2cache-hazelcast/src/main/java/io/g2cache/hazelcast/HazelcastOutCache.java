package io.g2cache.hazelcast;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutSlot;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The shared tier of one cache. Holds no state of its own but whether it is closed; every method starts a {@link Call}
 * and returns its future.
 */
final class HazelcastOutCache implements OutCache {
    private static final int BULK_STEP = 1000;

    private final CacheMaps maps;
    private final MapCalls on;
    private final OutOptions options;
    private final Runnable onClose;

    HazelcastOutCache(
            CacheMaps maps, Calls calls, OutOptions options, OutContext context, Breaker breaker, Runnable onClose) {
        this(maps, new MapCalls(maps, calls, context.executor(), options, breaker), options, onClose);
    }

    private HazelcastOutCache(CacheMaps maps, MapCalls on, OutOptions options, Runnable onClose) {
        this.maps = maps;
        this.on = on;
        this.options = options;
        this.onClose = onClose;
    }

    @Override
    public CompletableFuture<OutSlot> read(EncodedKey key) {
        Call<OutSlot> call = on.begin("read", options.readTimeout());
        if (!call.settled()) {
            maps.use(call, m -> call.answeredBy(m.entries().getAsync(key.bytes()), OutRecord::slot));
        }
        return call.future();
    }

    @Override
    public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
        List<EncodedKey> wanted = List.copyOf(keys);
        int steps = 1 + wanted.size() / BULK_STEP;
        return on.blocking("readAll", options.readTimeout(), steps, (call, m) -> slots(m, wanted));
    }

    @Override
    public CompletableFuture<OutSlot> lease(EncodedKey key) {
        return on.blocking(
                "lease",
                options.writeTimeout(),
                (call, m) -> ConditionalWrites.lease(CasMap.of(m.entries()), key.bytes(), options.leaseLife()));
    }

    @Override
    public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
        Object token = lease.token();
        return on.blocking(
                "fill",
                options.writeTimeout(),
                (call, m) ->
                        token != null && ConditionalWrites.fill(CasMap.of(m.entries()), key.bytes(), token, entry));
    }

    @Override
    public CompletableFuture<Boolean> apply(EncodedKey key, Entry entry) {
        return apply(key, entry, false);
    }

    @Override
    public CompletableFuture<Boolean> applyEarly(EncodedKey key, Entry entry) {
        return apply(key, entry, true);
    }

    private CompletableFuture<Boolean> apply(EncodedKey key, Entry entry, boolean isEarly) {
        return on.blocking(
                "apply",
                options.writeTimeout(),
                (call, m) -> ConditionalWrites.apply(
                        CasMap.of(m.entries()), key.bytes(), entry, isEarly, options.leaseLife(), call::settled));
    }

    @Override
    public CompletableFuture<Boolean> confirm(EncodedKey key, OutSlot slot) {
        return on.blocking(
                "confirm",
                options.writeTimeout(),
                (call, m) -> ConditionalWrites.confirm(CasMap.of(m.entries()), key.bytes(), slot));
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> floors() {
        return on.floors();
    }

    @Override
    public CompletableFuture<Void> raiseFloor(int number, long version) {
        return on.raiseFloor(number, version);
    }

    @Override
    public OutCache unguarded() {
        return new HazelcastOutCache(maps, on.unguarded(), options, onClose);
    }

    @Override
    public void close() {
        on.close();
        onClose.run();
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
