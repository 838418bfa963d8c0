package io.g2cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * What the log carries. The version of an event is its offset, which the log assigns. Immutable as long as nobody writes
 * to the arrays, which are not copied.
 */
public sealed interface Event {
    /** Id of the node that wrote the event. */
    String origin();

    /**
     * What is left of this event where its value may have been superseded: of a put the invalidation of its key, of a published
     * load, which has changed no data, only a {@link Probe}; else this event.
     */
    default Event withoutValue() {
        if (this instanceof Put put) {
            return new Invalidate(put.cache(), put.key(), put.origin());
        }
        return this instanceof Loaded loaded ? new Probe(loaded.origin()) : this;
    }

    /**
     * A new value for a key: the refresh event.
     *
     * @param cache name of the cache
     * @param key encoded key
     * @param origin id of the writing node
     * @param entry value or known absence with its absolute deadlines; its version means nothing
     */
    record Put(String cache, byte[] key, String origin, Entry entry) implements Event {}

    /**
     * Whatever is cached for the key is no longer valid.
     *
     * @param cache name of the cache
     * @param key encoded key
     * @param origin id of the writing node
     */
    record Invalidate(String cache, byte[] key, String origin) implements Event {}

    /**
     * Everything cached in this partition of the cache is no longer valid. A clear of the cache is one such event in each
     * partition.
     *
     * @param cache name of the cache
     * @param origin id of the writing node
     */
    record Clear(String cache, String origin) implements Event {}

    /**
     * Every older entry of this partition that carries the tag is no longer valid. An invalidation of the tag is one such
     * event in each partition.
     *
     * @param cache name of the cache
     * @param tag the tag, not empty
     * @param origin id of the writing node
     */
    record Tag(String cache, String tag, String origin) implements Event {}

    /**
     * The out tier may hold values of this partition that had been removed or replaced: the events of the range count again,
     * and no out-tier value of the partition is to be trusted until the materialiser has applied them once more.
     *
     * @param from first offset of the range
     * @param to the offset after its last
     * @param origin id of the writing node
     */
    record Redo(long from, long to, String origin) implements Event {}

    /**
     * A load's value, published for others to take; changes no data and is applied as a fill at its own stamp, which is
     * the version of the entry. Its record never compacts away an invalidation.
     *
     * @param cache name of the cache
     * @param key encoded key
     * @param origin id of the loading node
     * @param entry value or known absence; its version is the stamp of the load
     */
    record Loaded(String cache, byte[] key, String origin, Entry entry) implements Event {}

    /**
     * Changes nothing; its writer recognises it and so knows that it reads what it writes.
     *
     * @param origin id of the writing node
     */
    record Probe(String origin) implements Event {}

    /**
     * A record that could not be decoded. With cache and key it counts as an {@link Invalidate}; without, as a gap.
     *
     * @param cache name of the cache, if readable
     * @param key encoded key, if readable
     * @param reason what is wrong with it
     */
    record Unreadable(@Nullable String cache, byte @Nullable [] key, String reason) implements Event {
        @Override
        public String origin() {
            return "";
        }
    }
}
