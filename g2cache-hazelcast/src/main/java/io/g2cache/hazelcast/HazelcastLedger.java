package io.g2cache.hazelcast;

import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The ledger in two maps of its own. Holds no state but whether it is closed. */
final class HazelcastLedger implements OutLedger {
    private final MapCalls on;
    private final OutOptions options;
    private final Runnable onClose;

    HazelcastLedger(CacheMaps maps, Calls calls, OutOptions options, OutContext context, Runnable onClose) {
        this.on = new MapCalls(maps, calls, context.executor(), options, Breaker.none());
        this.options = options;
        this.onClose = onClose;
    }

    @Override
    public CompletableFuture<Map<Integer, OutProgress>> progress() {
        return on.blocking("progress", options.writeTimeout(), (call, m) -> {
            Map<Integer, OutProgress> progress = new HashMap<>();
            m.entries().entrySet().forEach(held -> {
                OutProgress read = ProgressRecord.read(held.getValue());
                if (read != null && held.getKey() instanceof Integer partition) {
                    progress.put(partition, read);
                }
            });
            return Map.copyOf(progress);
        });
    }

    @Override
    public CompletableFuture<Boolean> publish(int partition, @Nullable OutProgress known, OutProgress next) {
        return on.blocking(
                "publish",
                options.writeTimeout(),
                (call, m) -> ConditionalWrites.publish(CasMap.of(m.entries()), partition, known, next));
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
    public void close() {
        on.close();
        onClose.run();
    }
}
