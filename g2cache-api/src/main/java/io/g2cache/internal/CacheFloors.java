package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TagFloor;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The floors of one cache: by partition, the version below which every entry is dead, and those below which the entries with
 * a tag are. What this node alone has missed kills entries of its own tier, and none that the nodes share. Thread-safe; they
 * only rise, until nothing is left that a tag's floor could kill.
 */
final class CacheFloors implements SharedFloors {
    /** Of this node's own tier; nowhere below what is shared. */
    private final AtomicLongArray floors;

    private final AtomicLongArray shared;
    private final TagFloors tags;

    CacheFloors(int partitions, TagOptions options, TimeSource time) {
        floors = filled(partitions);
        shared = filled(partitions);
        tags = new TagFloors(time, options.capacity, options.life, this::raise);
    }

    /**
     * Bounds of the tags' floors.
     *
     * @param capacity how many are kept, of a tag in a partition each
     * @param life how long an entry can live that is older than a floor just raised
     */
    record TagOptions(int capacity, Duration life) {}

    static AtomicLongArray filled(int partitions) {
        AtomicLongArray array = new AtomicLongArray(partitions);
        for (int p = 0; p < partitions; p++) {
            array.set(p, RecentVersions.NONE);
        }
        return array;
    }

    static void raise(AtomicLongArray array, int partition, long version) {
        array.accumulateAndGet(partition, version, Math::max);
    }

    @Override
    public long floor(int partition) {
        return floors.get(partition);
    }

    @Override
    public long sharedFloor(int partition) {
        return shared.get(partition);
    }

    int partitions() {
        return floors.length();
    }

    @Override
    public long tagFloor(int partition, long tag) {
        return tags.floor(partition, tag);
    }

    /** The floors of this node's own tier, by partition. */
    LogPosition snapshot() {
        long[] versions = new long[floors.length()];
        for (int p = 0; p < versions.length; p++) {
            versions[p] = floors.get(p);
        }
        return LogPosition.of(versions);
    }

    /** Everything older in the partition is dead, in all tiers. */
    void raise(int partition, long version) {
        raise(shared, partition, version);
        raise(floors, partition, version);
    }

    /** Everything older in the partition is dead in this node's own tier. */
    void raiseLocal(int partition, long version) {
        raise(floors, partition, version);
    }

    /** Raises the floors of the partitions to those of the other. */
    void raiseTo(CacheFloors other) {
        for (int p = 0; p < floors.length(); p++) {
            raise(p, other.sharedFloor(p));
            raiseLocal(p, other.floor(p));
        }
    }

    /** Whether the partitions' floors of the other are nowhere below these, and these have none of tags. */
    boolean isCoveredBy(CacheFloors other) {
        tags.dropOld();
        boolean covered = tags.snapshot().isEmpty();
        for (int p = 0; p < floors.length(); p++) {
            covered &= other.floor(p) >= floor(p) && other.sharedFloor(p) >= sharedFloor(p);
        }
        return covered;
    }

    /** Raises the floors of the partitions to those of the tags, which are to be forgotten. */
    void foldTags() {
        tags.dropOld();
        tags.snapshot().forEach(tag -> raise(tag.partition(), tag.version()));
    }

    /** The entries of a partition with this tag that are older are dead. */
    void raiseTag(int partition, long tag, long version) {
        if (sharedFloor(partition) < version) {
            tags.raise(partition, tag, version);
        }
    }

    /** The floors of tags; the same list as long as none has changed. */
    List<TagFloor> tagSnapshot() {
        return tags.snapshot();
    }

    /** Drops the floors of tags that nothing is left for; returns how many had to go before that since the last call. */
    long tidyTags() {
        tags.dropOld();
        return tags.takeForcedOut();
    }
}
