package io.g2cache.testkit;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Source;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cache of {@link MemoryOut}.
 *
 * <p>Concurrency: every write is a compare-and-set of a {@link Cell} by identity, so that a cell, once replaced, never
 * matches again.
 */
public final class MemoryOutCache implements OutCache {
    /** How long a lease lives. */
    public static final Duration LEASE_LIFE = Duration.ofSeconds(30);

    private final Supplier<MemoryOut.Tables> tables;
    private final OutContext context;

    MemoryOutCache(Supplier<MemoryOut.Tables> tables, OutContext context) {
        this.tables = tables;
        this.context = context;
    }

    /** A lease where there is no entry. Has no {@code equals}: the cell itself is the token. */
    static final class Cell {
        final @Nullable Entry entry;
        final Source source;
        final long goneAt;

        Cell(@Nullable Entry entry, Source source, long goneAt) {
            this.entry = entry;
            this.source = source;
            this.goneAt = goneAt;
        }

        OutSlot slot() {
            return entry == null ? OutSlot.lease(this) : OutSlot.entry(entry, source, this);
        }
    }

    private <T> CompletableFuture<T> call(Supplier<T> step) {
        return MemoryOut.call(context, step);
    }

    private long now() {
        return context.time().wallMillis();
    }

    private Cell cell(Entry entry, Source source) {
        return new Cell(entry, source, now() + context.garbageAfter().toMillis());
    }

    private @Nullable Cell held(EncodedKey key) {
        Cell cell = tables.get().cells.get(key);
        if (cell != null && now() >= cell.goneAt) {
            tables.get().cells.remove(key, cell);
            return null;
        }
        return cell;
    }

    private OutSlot slot(EncodedKey key) {
        Cell cell = held(key);
        return cell == null ? OutSlot.EMPTY : cell.slot();
    }

    @Override
    public CompletableFuture<OutSlot> read(EncodedKey key) {
        return call(() -> slot(key));
    }

    @Override
    public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
        return call(() -> {
            Map<EncodedKey, OutSlot> slots = new HashMap<>();
            keys.forEach(key -> slots.put(key, slot(key)));
            return slots;
        });
    }

    @Override
    public CompletableFuture<OutSlot> lease(EncodedKey key) {
        return call(() -> {
            Cell held = held(key);
            if (held != null) {
                return held.slot();
            }
            Cell lease = new Cell(null, Source.EVENT, now() + LEASE_LIFE.toMillis());
            Cell first = tables.get().cells.putIfAbsent(key, lease);
            return first == null ? OutSlot.newLease(lease) : first.slot();
        });
    }

    @Override
    public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
        return replace(key, lease, entry, Source.LOAD);
    }

    @Override
    public CompletableFuture<Boolean> confirm(EncodedKey key, OutSlot slot) {
        return replace(key, slot, Objects.requireNonNull(slot.entry()), Source.EVENT);
    }

    /** Stores an entry if exactly what the slot was read from is still there. */
    CompletableFuture<Boolean> replace(EncodedKey key, OutSlot slot, Entry entry, Source source) {
        return call(() -> slot.token() instanceof Cell cell
                && held(key) == cell
                && tables.get().cells.replace(key, cell, cell(entry, source)));
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
        return call(() -> {
            while (true) {
                Cell cell = held(key);
                OutSlot seen = cell == null ? OutSlot.EMPTY : cell.slot();
                if (!seen.givesWayTo(entry)) {
                    return false;
                }
                boolean isOverNothing = cell == null && entry.isTombstone();
                Cell next = cell(entry, isEarly || isOverNothing ? seen.early() : Source.EVENT);
                if (cell == null
                        ? tables.get().cells.putIfAbsent(key, next) == null
                        : tables.get().cells.replace(key, cell, next)) {
                    return true;
                }
            }
        });
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> floors() {
        return call(() -> Map.copyOf(tables.get().floors));
    }

    @Override
    public CompletableFuture<Void> raiseFloor(int number, long version) {
        return call(() -> {
            tables.get().floors.merge(number, version, Math::max);
            return null;
        });
    }

    /** Loses what is held for the key, at once. Returns whether anything was. */
    public boolean evict(EncodedKey key) {
        return tables.get().cells.remove(key) != null;
    }

    /** Loses the lease that is held for the key, at once. Returns whether there was one. */
    public boolean evictLease(EncodedKey key) {
        Cell cell = tables.get().cells.get(key);
        return cell != null && cell.entry == null && tables.get().cells.remove(key, cell);
    }

    @Override
    public void close() {}
}
