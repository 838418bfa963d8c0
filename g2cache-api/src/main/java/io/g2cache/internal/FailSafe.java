package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the tiers still have for a key where its loader does not give anything: also an entry past its hard deadline, for as
 * long as those are kept. What an event, a floor, a dead key or a closed gate has made invalid is not there for it either,
 * as it looks only when it is needed, and in the ways every read does. Thread-safe; nothing blocks.
 */
final class FailSafe<K, V> {
    private final Tiers<K, V> tiers;
    private final FillPath<K, V> fills;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final long keptMillis;

    FailSafe(Tiers<K, V> tiers, FillPath<K, V> fills, StatsRecorder stats, TimeSource time, Duration kept) {
        this.tiers = tiers;
        this.fills = fills;
        this.stats = stats;
        this.time = time;
        this.keptMillis = kept.toMillis();
    }

    /** Whether expired entries are kept at all. */
    boolean isOn() {
        return keptMillis > 0;
    }

    /** What may be served, and until when it was good by itself. */
    record Kept<V>(Found<V> found, long hardDeadline) {}

    /** What may be served; null if nothing. Who serves it calls {@link #served}. */
    CompletableFuture<@Nullable Kept<V>> find(EncodedKey key) {
        Kept<V> held = held(key);
        if (held != null || !tiers.out().isPresent()) {
            return CompletableFuture.completedFuture(held);
        }
        long fillFloor = tiers.fillFloor(key);
        return tiers.out().read(key).thenApply(slot -> {
            Found<V> found = fills.accept(key, slot, FillPath.ANY_AGE, keptMillis, fillFloor);
            Entry entry = found == null ? null : found.entry();
            return found == null || entry == null ? null : new Kept<>(found, entry.hardDeadline());
        });
    }

    private @Nullable Kept<V> held(EncodedKey key) {
        LocalEntry<V> held = tiers.held(key, time.wallMillis(), keptMillis);
        if (held == null || tiers.isDead(key)) {
            return null;
        }
        return new Kept<>(new Found<>(held.value(), null), held.hardDeadline());
    }

    /** Counts what a reader is given, if it is expired. */
    void served(Kept<V> kept) {
        if (time.wallMillis() >= kept.hardDeadline) {
            stats.count(Counter.FAIL_SAFE_HIT);
        }
    }
}
