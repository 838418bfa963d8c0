package io.g2cache.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node's own tier for one cache.
 *
 * <p>Thread-safe. No method blocks on anything but the short locks of the tier itself, and none throws because the tier
 * is full: it evicts. Entries below the floor of their partition, or of one of the tags in their stored bytes
 * ({@link LocalContext#floors()}, {@link ValueFormat#tags}), are dead and never returned. A tier holds no tombstones: the engine remembers recent events itself and asks for {@link #remove} instead.
 *
 * <p>Bytes of another codec, and malformed ones, are never an exception: whether they are held or not, they read as a miss,
 * and they replace what any other entry would have replaced. A value whose stored bytes exceed
 * {@link LocalContext#maximumValueBytes()} is refused with a {@link io.g2cache.TierException} that names both sizes; what it
 * would have replaced is removed, so that nothing older stays behind.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface LocalCache<K, V> extends AutoCloseable {
    /**
     * The hot path: the value, if there is one that is alive and before its soft deadline; null in every other case,
     * including a known absence, an obsolete entry, and bytes of another codec.
     *
     * @param nowMillis wall-clock milliseconds, or a moment a little later for a value that will be young then, too
     */
    @Nullable
    V get(K key, long nowMillis);

    /** Whatever is held and alive, obsolete and expired entries included; null if nothing, or not decodable. */
    @Nullable
    LocalEntry<V> find(EncodedKey key);

    /**
     * Stores a value or known absence that a load or an out-tier hit produced, if the version held is not greater and the
     * admission admits it, checked and stored in one atomic step.
     *
     * @return whether it was stored; undefined for bytes that cannot be decoded
     * @throws io.g2cache.TierException if the value is too large
     */
    boolean fill(EncodedKey key, Entry entry, Admission admission);

    /**
     * Stores the value or known absence of an event, if the version held is smaller and the admission admits it, checked
     * and stored in one atomic step. Where the admission refuses, an entry older than the event is removed.
     *
     * @return whether it was stored; undefined for bytes that cannot be decoded
     * @throws io.g2cache.TierException if the value is too large
     */
    boolean apply(EncodedKey key, Entry entry, Admission admission);

    /**
     * Removes the entry if its version is smaller.
     *
     * @return whether an entry was removed
     */
    boolean remove(EncodedKey key, long version);

    /** Removes whatever is held. Dropping an entry is always safe. */
    void discard(EncodedKey key);

    /** Removes every entry that was held when the call began; takes as long as the tier is large, and locks it in parts. */
    void discardAll();

    /** What the tier has kept from before it was opened; null where it started empty. The same in every call. */
    default @Nullable Restored restored() {
        return null;
    }

    /**
     * Notes a checkpoint, taken before the call, beside the entries, if the tier outlives its process; else does nothing. May
     * write to a disk. Not called by two threads at once.
     *
     * @throws io.g2cache.TierException if it could not be written; the one before still holds
     */
    default void checkpoint(Checkpoint checkpoint) {}

    /**
     * Keys of some entries, for an audit: each call goes on where the last one stopped, so that with time every entry has its
     * turn. Bounded in what it looks at; dead and expired entries may be among them, and there may be fewer than asked for.
     * Nothing where the tier does not tell its keys.
     */
    default List<EncodedKey> sample(int most) {
        return List.of();
    }

    /** About how many entries are held; dead and expired ones may be counted. */
    long estimatedSize();

    /** Entries dropped to make room since the tier was opened. */
    long evictions();

    /**
     * Does a bounded piece of maintenance, such as dropping expired entries.
     *
     * @param nowMillis wall-clock milliseconds by which entries that may go have expired; it lies in the past where expired
     *     entries are kept for a while, and nothing may be dropped earlier but to make room
     */
    void cleanUp(long nowMillis);

    /**
     * Releases what the tier holds. Idempotent, and safe while other threads use the tier. Later calls of other methods
     * behave as on an empty tier that refuses to store.
     */
    @Override
    void close();
}
