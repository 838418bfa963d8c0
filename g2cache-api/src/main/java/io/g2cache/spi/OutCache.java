package io.g2cache.spi;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The shared tier for one cache. It is never the authority: whatever it loses is a miss, and whatever an event has made
 * invalid is refused by version.
 *
 * <p>Thread-safe. No method blocks or throws; every future completes within the tier's own deadline, on the executor of
 * the {@link OutContext}, exceptionally with a {@link io.g2cache.TierException} where the tier did not answer in time or
 * failed. A call that timed out may still take effect later; every write is conditional, so that this is harmless. A tier
 * that has failed often may refuse calls at once, with a {@link io.g2cache.TierAwayException}, until it is back.
 */
public interface OutCache extends OutFloors, AutoCloseable {
    /** What is held for the key. */
    CompletableFuture<OutSlot> read(EncodedKey key);

    /** What is held for each key; keys that hold nothing map to {@link OutSlot#EMPTY}. */
    CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys);

    /**
     * Puts a placeholder of short life where nothing is held. Completes with what is held afterwards: the new placeholder,
     * marked as such ({@link OutSlot#newLease}), or what somebody else has put there first. A second lease of the same key is the first one again: both callers may
     * fill, and one of them wins.
     */
    CompletableFuture<OutSlot> lease(EncodedKey key);

    /**
     * Stores the value or known absence of a load, if exactly what {@code lease} was read from is still there: any event,
     * other fill, eviction or loss since then refuses it.
     *
     * @param lease a slot of the same key; an {@link OutSlot.Kind#EMPTY} one is always refused
     * @return whether it was stored
     */
    CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry);

    /**
     * Moves the key to the version of an event: stored over nothing, a lease, unreadable bytes or a smaller version. At an
     * equal version a value or known absence replaces a tombstone, and nothing else is replaced. May be repeated. A tombstone that
     * replaces nothing is marked as {@link OutSlot.Source#EARLY}, as a call that comes late may put it where a newer one was evicted.
     *
     * <p>A value of a call that has failed, and takes effect later, is refused where anything has changed since the call began,
     * also where nothing is held now: what was there may have been newer, and evicted. A placeholder put there first does that.
     *
     * @return whether the tier holds something new
     */
    CompletableFuture<Boolean> apply(EncodedKey key, Entry entry);

    /**
     * The same out of the log's order, by the writer of the event or who mends what an older load has stored, and does not know what
     * came after the event: what is stored where no entry of an event is held is marked as {@link OutSlot.Source#EARLY}.
     */
    CompletableFuture<Boolean> applyEarly(EncodedKey key, Entry entry);

    /**
     * Takes the mark from an early value or known absence, if exactly what the slot was read from is still there. For the
     * materialiser when it comes to the entry's event in the log's order, as whatever is newer comes to the tier after that.
     *
     * @param slot holds an {@link OutSlot.Source#EARLY} entry of the same key
     * @return whether it was taken
     */
    CompletableFuture<Boolean> confirm(EncodedKey key, OutSlot slot);

    /**
     * The same tier for work that sees each failure and is repeated until it succeeds: none of its calls is refused because
     * others have failed, and none of its failures keeps others from calling. Closed with this object.
     */
    default OutCache unguarded() {
        return this;
    }

    /** Releases what this object holds; the shared data stays. Idempotent. */
    @Override
    void close();
}
