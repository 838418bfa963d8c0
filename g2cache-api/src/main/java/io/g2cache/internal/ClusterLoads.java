package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.TimeSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets one node of the cluster load a key while the others wait for what it puts into the out tier, up to a limit. The
 * node whose placeholder lies there loads. Where the out tier holds a tombstone or an entry that is no longer of use, which
 * must stay to be compared with, the placeholder lies under a key made of the key and the version and deadline of what is
 * there: nearly each state of a key has one of its own. Placeholders end by themselves; nothing is locked.
 *
 * <p>Concurrency: any thread; nothing blocks. {@code own} remembers this node's latest placeholders, one in each place, so
 * that it does not wait for itself; one that was forced out costs a wait up to the limit.
 */
final class ClusterLoads<V> {
    private static final int PLACES = 1 << 10;
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final OutPath out;
    private final KeySpace space;
    private final Timer timer;
    private final Lifecycle lifecycle;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final long limitNanos;
    private final AtomicReferenceArray<@Nullable Object> own = new AtomicReferenceArray<>(PLACES);

    ClusterLoads(
            OutPath out,
            KeySpace space,
            Timer timer,
            Lifecycle lifecycle,
            StatsRecorder stats,
            TimeSource time,
            Duration limit) {
        this.out = out;
        this.space = space;
        this.timer = timer;
        this.lifecycle = lifecycle;
        this.stats = stats;
        this.time = time;
        this.limitNanos = limit.toNanos();
    }

    /**
     * How a wait ended.
     *
     * @param found what another node has loaded; null if this node is to load
     * @param lease what this node's fill is compared with; null if there is no fill
     */
    record Turn<V>(@Nullable Found<V> found, @Nullable OutSlot lease) {}

    /** The round of waiting for one load. */
    private record Wait<V>(
            EncodedKey key,
            OutSlot first,
            Function<@Nullable OutSlot, @Nullable Found<V>> usable,
            long deadlineNanos,
            Executor executor) {}

    /**
     * Waits until it is this node's turn to load, or somebody else has.
     *
     * @param lease what this node's fill would be compared with
     * @param usable what a slot has for the reader; null if nothing
     */
    CompletableFuture<Turn<V>> turn(
            EncodedKey key,
            @Nullable OutSlot lease,
            Function<@Nullable OutSlot, @Nullable Found<V>> usable,
            Executor executor) {
        if (lease == null) {
            return CompletableFuture.completedFuture(new Turn<>(null, null));
        }
        return isOurs(key, lease)
                .thenComposeAsync(
                        ours -> {
                            if (ours) {
                                return CompletableFuture.completedFuture(new Turn<>(null, lease));
                            }
                            stats.count(Counter.CLUSTER_WAIT);
                            long deadline = time.monotonicNanos() + limitNanos;
                            return again(new Wait<>(key, lease, usable, deadline, executor), FIRST_PAUSE);
                        },
                        executor);
    }

    private CompletableFuture<Boolean> isOurs(EncodedKey key, OutSlot lease) {
        if (lease.kind() == OutSlot.Kind.LEASE) {
            return CompletableFuture.completedFuture(isOwn(key, lease));
        }
        EncodedKey marker = marker(key, lease);
        return out.lease(marker, OutSlot.EMPTY)
                .thenApply(slot -> slot == null || slot.kind() != OutSlot.Kind.LEASE || isOwn(marker, slot));
    }

    /** A load of this node has got this to compare its fill with: if it is a placeholder of its own, it is known again. */
    void note(EncodedKey key, @Nullable OutSlot lease) {
        if (lease != null && lease.isNew()) {
            own.set(place(key), lease.token());
        }
    }

    private boolean isOwn(EncodedKey key, OutSlot lease) {
        note(key, lease);
        return lease.isNew() || Objects.deepEquals(own.get(place(key)), lease.token());
    }

    private static int place(EncodedKey key) {
        return (int) key.hash() & (PLACES - 1);
    }

    private EncodedKey marker(EncodedKey key, OutSlot slot) {
        long deadline = slot.entry() == null ? 0 : slot.entry().hardDeadline();
        byte[] bytes = key.bytes();
        return space.key(ByteBuffer.allocate(bytes.length + 2 * Long.BYTES)
                .put(bytes)
                .putLong(slot.version())
                .putLong(deadline)
                .array());
    }

    private CompletableFuture<Turn<V>> again(Wait<V> wait, long pause) {
        long left = wait.deadlineNanos - time.monotonicNanos();
        if (left <= 0) {
            stats.count(Counter.CLUSTER_WAIT_OVER);
            return CompletableFuture.completedFuture(new Turn<>(null, wait.first));
        }
        return timer.after(Math.min(pause, left))
                .handle((over, ended) -> ended == null)
                .thenCompose(isOver -> isOver ? look(wait, pause) : left());
    }

    private CompletableFuture<Turn<V>> look(Wait<V> wait, long pause) {
        return out.read(wait.key).thenComposeAsync(slot -> looked(wait, slot, pause), wait.executor);
    }

    /** The timer has ended: with the node, or with a generation of the log, whose out tier is filled no more. */
    private CompletableFuture<Turn<V>> left() {
        lifecycle.requireOpen();
        return CompletableFuture.completedFuture(new Turn<>(null, null));
    }

    private CompletableFuture<Turn<V>> looked(Wait<V> wait, @Nullable OutSlot slot, long pause) {
        Found<V> found = wait.usable.apply(slot);
        if (found != null) {
            return CompletableFuture.completedFuture(new Turn<>(found, null));
        }
        if (slot != null && isSame(slot, wait.first)) {
            return again(wait, Math.min(2 * pause, LONGEST_PAUSE));
        }
        return out.lease(wait.key, slot).thenApply(lease -> {
            note(wait.key, lease);
            return new Turn<>(null, lease);
        });
    }

    private static boolean isSame(OutSlot now, OutSlot first) {
        return now.kind() == first.kind() && Objects.deepEquals(now.token(), first.token());
    }
}
