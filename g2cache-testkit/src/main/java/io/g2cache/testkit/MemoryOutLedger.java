package io.g2cache.testkit;

import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ledger of a {@link MemoryOut}. Thread-safe; the maps do the comparing. */
public final class MemoryOutLedger implements OutLedger {
    private final Supplier<MemoryOut.Tables> tables;
    private final OutContext context;
    private final Runnable onClose;

    MemoryOutLedger(Supplier<MemoryOut.Tables> tables, OutContext context, Runnable onClose) {
        this.tables = tables;
        this.context = context;
        this.onClose = onClose;
    }

    @Override
    public CompletableFuture<Map<Integer, OutProgress>> progress() {
        return MemoryOut.call(context, () -> Map.copyOf(tables.get().progress));
    }

    @Override
    public CompletableFuture<Boolean> publish(int partition, @Nullable OutProgress known, OutProgress next) {
        return MemoryOut.call(context, () -> {
            Map<Integer, OutProgress> progress = tables.get().progress;
            return known == null
                    ? progress.putIfAbsent(partition, next) == null
                    : progress.replace(partition, known, next);
        });
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> floors() {
        return MemoryOut.call(context, () -> Map.copyOf(tables.get().floors));
    }

    @Override
    public CompletableFuture<Void> raiseFloor(int number, long version) {
        return MemoryOut.call(context, () -> {
            tables.get().floors.merge(number, version, Math::max);
            return null;
        });
    }

    @Override
    public void close() {
        onClose.run();
    }
}
