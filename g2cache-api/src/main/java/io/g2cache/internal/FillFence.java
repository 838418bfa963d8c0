package io.g2cache.internal;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Floors;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of recent events, and therefore which loads and which out-tier values it must refuse.
 *
 * <p>A fill whose stamp is below the newest known event of its key, below {@code fillFloor} or below a floor of its cache is
 * refused. An out-tier value whose version is below the same, with {@code readFloor} in the place of {@code fillFloor}, is a
 * miss. Whatever leaves {@code recent} raises {@code fillFloor}; what leaves before its fence window has ended, or before
 * the materialiser has passed it, raises {@code readFloor} too.
 *
 * <p>Concurrency: any thread. An event is recorded here before it is applied to a local tier; a fill is checked under the
 * tier's lock for the key. So either the check sees the event, or the event is applied after the fill. A key that leaves
 * {@code recent} raises the floors first, so whoever checks looks at {@code recent} first. The monitor of
 * {@link FloorsByCache} orders gaps and the making of floors, so that none is made without a gap that has happened.
 */
final class FillFence {
    private final TimeSource time;
    private final int partitions;
    private final long fenceNanos;
    private final boolean hasMaterialiser;
    private final RecentVersions recent;
    private final DeadKeys dead = new DeadKeys();
    private final AtomicLongArray fillFloor;
    private final AtomicLongArray readFloor;
    private final AtomicLongArray missedFloor;
    private final FloorsByCache floors;
    private volatile @Nullable LogPosition committed;

    FillFence(
            TimeSource time,
            int partitions,
            int recentCapacity,
            Duration fenceWindow,
            boolean hasMaterialiser,
            CacheFloors.TagOptions tagOptions) {
        this.time = time;
        this.partitions = partitions;
        this.fenceNanos = fenceWindow.toNanos();
        this.hasMaterialiser = hasMaterialiser;
        this.recent = new RecentVersions(recentCapacity, this::leaves);
        this.fillFloor = CacheFloors.filled(partitions);
        this.readFloor = CacheFloors.filled(partitions);
        this.missedFloor = CacheFloors.filled(partitions);
        this.floors = new FloorsByCache(
                partitions,
                tagOptions,
                time,
                (partition, version) -> hasMaterialiser && isMaterialised(partition, version),
                dead::isWaiting);
    }

    /** The floors of a cache that is open here from now on, until {@link #closed}. */
    CacheFloors floors(String cache) {
        return floors.open(cache);
    }

    /** A cache is not open any more; idle if nobody works with its floors. What they have killed stays dead. */
    void closed(String cache, boolean isIdle) {
        floors.close(cache, isIdle);
    }

    /** Raises the floors of a cache, whether it is open here or not. */
    void raise(String cache, Consumer<CacheFloors> raise) {
        floors.raise(cache, raise);
    }

    /** A clear of the cache, or the invalidation of a tag, waits for the log: its floors are kept until that was sent. */
    void clearWaits(String cache) {
        floors.raise(cache, dead::add);
    }

    /** It was sent, and its version is with the floors. */
    void clearSent(String cache) {
        floors.raise(cache, dead::remove);
    }

    /** How many names of caches are remembered that are not open here. */
    int notOpen() {
        return floors.notOpen();
    }

    /** An event of the key is known: in the log, as read or as acknowledged. */
    void record(EncodedKey key, long version) {
        recent.record(key, version, time.monotonicNanos());
    }

    /** Keys of which no tier is believed at the moment. */
    DeadKeys dead() {
        return dead;
    }

    /** The newest known event of the key, or {@link RecentVersions#NONE}. */
    long newest(EncodedKey key) {
        return recent.version(key);
    }

    /** The admission of fills and events of a cache. */
    Admission admission(Floors cacheFloors) {
        return (key, version) -> !dead.isDead(key, cacheFloors)
                && recent.version(key) <= version
                && fillFloor.get(key.partition()) <= version
                && cacheFloors.floor(key.partition()) <= version;
    }

    /** Whatever has left {@code recent} in the key's partition is at most as new as this. */
    long fillFloor(EncodedKey key) {
        return fillFloor.get(key.partition());
    }

    /**
     * The admission of a copy from the out tier, which was read after {@code fillFloorBefore} was taken. Its version may be
     * far older than what has left {@code recent} since the node started, and it is current all the same: as long as nothing
     * has left since before the read, every event of the key either is in {@code recent} still, or had left before the
     * read, and then the out tier had it, or {@code readFloor} says that it may not.
     */
    Admission copyAdmission(SharedFloors cacheFloors, long fillFloorBefore) {
        return (key, version) -> {
            if (!isCurrent(key, version, cacheFloors) || version < cacheFloors.floor(key.partition())) {
                return false;
            }
            long floor = fillFloor.get(key.partition());
            return floor <= version || floor == fillFloorBefore;
        };
    }

    /** Whether an out-tier value may be used, as far as this node knows. */
    boolean isCurrent(EncodedKey key, long version, SharedFloors cacheFloors) {
        return !dead.isDead(key, cacheFloors)
                && version >= recent.version(key)
                && isAboveFloors(key.partition(), version, cacheFloors);
    }

    /**
     * Whether every event that is newer is known here: those of the key are in {@code recent} then. Asked after {@code recent} was
     * looked at.
     */
    boolean knowsAllAfter(int partition, long version) {
        return !hasMaterialiser || version >= fillFloor.get(partition);
    }

    /** The same as {@link #isCurrent} where nothing newer of the key is known. */
    boolean isAlive(EncodedKey key, long version, SharedFloors cacheFloors) {
        return !dead.isDead(key, cacheFloors) && isAboveFloors(key.partition(), version, cacheFloors);
    }

    private boolean isAboveFloors(int partition, long version, SharedFloors cacheFloors) {
        long missed = missedFloor.get(partition);
        return version >= readFloor.get(partition)
                && version >= cacheFloors.sharedFloor(partition)
                && (version >= missed || isMaterialised(partition, missed));
    }

    /**
     * Events below this offset are not known here one by one: fills stamped before it are refused. Called before the first
     * event is read.
     */
    void startAt(LogPosition position) {
        for (int p = 0; p < partitions; p++) {
            CacheFloors.raise(fillFloor, p, position.offset(p) - 1);
        }
    }

    /** An event of unknown content: everything older in this partition is in doubt, in the local tiers and the out tier. */
    void gap(int partition, long version) {
        CacheFloors.raise(fillFloor, partition, version);
        CacheFloors.raise(readFloor, partition, version);
        floors.raiseAll(ofCache -> ofCache.raise(partition, version));
    }

    /** The materialiser has missed events up to this version: what the out tier holds below it is in doubt. */
    void outGap(int partition, long version) {
        CacheFloors.raise(readFloor, partition, version);
    }

    /** Refuses every copy whose out-tier value was read before now. */
    void refuseCopies(int partition, long version) {
        fillFloor.accumulateAndGet(partition, version, (floor, v) -> Math.max(floor + 1, v));
    }

    /**
     * Events up to this version may not have come to this node: everything older in the partition is dead in its own tiers,
     * and may be used of the out tier once the materialisers have passed it.
     */
    void missed(int partition, long version) {
        CacheFloors.raise(missedFloor, partition, version);
        CacheFloors.raise(fillFloor, partition, version);
        floors.raiseAll(ofCache -> ofCache.raiseLocal(partition, version));
    }

    /** What the materialisers have committed, as last heard. */
    void committed(LogPosition position) {
        committed = position;
    }

    /** What the materialisers have committed, as last heard; null before that. */
    @Nullable
    LogPosition committed() {
        return committed;
    }

    /** Whether the materialisers have passed something that this node has missed since the floors were learnt as of a commit. */
    boolean mustLearnFloors(@Nullable LogPosition learntAsOf) {
        for (int p = 0; p < partitions; p++) {
            long missed = missedFloor.get(p);
            if (hasMaterialiser && isMaterialised(p, missed) && !isLearnt(p, missed, learntAsOf)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the floors that were learnt as of a commit hold those among the missed events that concern this version. */
    boolean hasFloors(int partition, long version, @Nullable LogPosition learntAsOf) {
        long missed = missedFloor.get(partition);
        return !hasMaterialiser || version >= missed || isLearnt(partition, missed, learntAsOf);
    }

    private static boolean isLearnt(int partition, long missed, @Nullable LogPosition learntAsOf) {
        return missed == RecentVersions.NONE || (learntAsOf != null && learntAsOf.offset(partition) > missed);
    }

    private void leaves(int partition, long version, long recordedNanos) {
        CacheFloors.raise(fillFloor, partition, version);
        boolean early = time.monotonicNanos() - recordedNanos < fenceNanos;
        if (early || !isMaterialised(partition, version)) {
            CacheFloors.raise(readFloor, partition, version);
        }
    }

    private boolean isMaterialised(int partition, long version) {
        LogPosition position = committed;
        return !hasMaterialiser || (position != null && position.offset(partition) > version);
    }
}
