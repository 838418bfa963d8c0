package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Replaces dead values of one cache in the out tier by the tombstones of what has killed them. A tombstone that the tier does not
 * take is written again at each upkeep until it does: when nobody remembers the event any more, nothing but it would keep the
 * value from being served. Where there are too many of them, everything in the tier is doubted, so that it is mended by a redo.
 *
 * <p>Thread-safe; nothing blocks, and no future fails. {@code waiting} may hold a few more than its limit.
 */
final class Heals {
    /** About three megabytes. */
    static final int MOST_WAITING = 16_384;

    private static final int AT_ONCE = 256;

    private final @Nullable OutCache out;
    private final RecentVersions filled;
    private final OutDoubts doubts;
    private final StatsRecorder stats;
    private final OutFailures failures;
    private final Map<EncodedKey, Long> waiting = new ConcurrentHashMap<>();
    private volatile CompletableFuture<Void> repeating = CompletableFuture.completedFuture(null);

    /**
     * Heals nothing yet.
     *
     * @param out null where there is no tier
     * @param filled the keys that this node has written to the tier, and the versions
     */
    Heals(@Nullable OutCache out, RecentVersions filled, OutDoubts doubts, StatsRecorder stats, OutFailures failures) {
        this.out = out;
        this.filled = filled;
        this.doubts = doubts;
        this.stats = stats;
        this.failures = failures;
    }

    /** This node is about to write a value or an absence to the tier. */
    void filling(EncodedKey key, long version) {
        filled.record(key, version, 0);
    }

    /** The tailer has applied an event: if this node has filled the key at an older stamp, it mends that now. */
    void eventApplied(EncodedKey key, long version) {
        if (out != null) {
            long stamp = filled.version(key);
            if (stamp != RecentVersions.NONE && stamp < version) {
                filled.forget(key);
                var unused = heal(key, version);
            }
        }
    }

    /** Writes the tombstone of the event or floor of this version. */
    CompletableFuture<Void> heal(EncodedKey key, long version) {
        stats.count(Counter.HEAL);
        return write(key, version);
    }

    private CompletableFuture<Void> write(EncodedKey key, long version) {
        OutCache tier = out;
        if (tier == null) {
            return CompletableFuture.completedFuture(null);
        }
        return tier.applyEarly(key, Entry.tombstone(version)).handle((stored, failure) -> {
            if (failure == null) {
                waiting.computeIfPresent(key, (same, wanted) -> wanted <= version ? null : wanted);
            } else {
                failures.failed("a dead value was not removed", failure);
                later(key, version);
            }
            return null;
        });
    }

    private void later(EncodedKey key, long version) {
        if (waiting.size() >= MOST_WAITING) {
            waiting.clear();
            doubts.doubt(
                    OutDoubts.EVERYTHING, "dead values that it does not let be removed: more than " + MOST_WAITING);
        } else {
            waiting.merge(key, version, Math::max);
        }
    }

    /** How many dead values are to be removed still. */
    int waiting() {
        return waiting.size();
    }

    /** Tries again what has failed; periodic, bounded. */
    void repeat() {
        if (!waiting.isEmpty() && repeating.isDone()) {
            repeating = CompletableFuture.allOf(waiting.entrySet().stream()
                    .limit(AT_ONCE)
                    .map(one -> write(one.getKey(), one.getValue()))
                    .toArray(CompletableFuture[]::new));
        }
    }
}
