package io.g2cache.internal;

import io.g2cache.spi.TimeSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The floors of caches by name, in bounded memory: of those that are open here, and of the names that had events last. The floors
 * of a name that is forgotten go into a bound, below which everything of every cache is dead that is opened, or heard of, later;
 * that kills more than they would have, and nothing less.
 *
 * <p>Concurrency: the monitor guards the maps, and is held while floors are raised for a name that may not be open, so that none
 * are raised that have been forgotten. Nothing is called under it but {@link CacheFloors} and the two functions given.
 */
final class FloorsByCache {
    /** So many names are kept apart that are not open. */
    static final int MOST_NOT_OPEN = 4_096;

    /** Whether the floors in the out tier, which a cache takes when it is opened, have this one of a partition. */
    @FunctionalInterface
    interface InOutTier {
        /** False if it is not known. */
        boolean has(int partition, long version);
    }

    private final int partitions;
    private final CacheFloors.TagOptions tagOptions;
    private final TimeSource time;
    private final InOutTier outTier;
    private final Predicate<CacheFloors> isKept;
    private final Map<String, CacheFloors> open = new ConcurrentHashMap<>();
    private final Map<String, CacheFloors> notOpen = new LinkedHashMap<>();
    /** For whatever is opened later: what all caches of the node have missed, and what was forgotten. */
    private final CacheFloors bound;

    /** Without floors; {@code isKept} tells which must not be forgotten at the moment. */
    FloorsByCache(
            int partitions,
            CacheFloors.TagOptions tagOptions,
            TimeSource time,
            InOutTier outTier,
            Predicate<CacheFloors> isKept) {
        this.partitions = partitions;
        this.tagOptions = tagOptions;
        this.time = time;
        this.outTier = outTier;
        this.isKept = isKept;
        this.bound = new CacheFloors(partitions, tagOptions, time);
    }

    /** The floors of a cache that is open here from now on. */
    CacheFloors open(String cache) {
        CacheFloors known = open.get(cache);
        return known != null ? known : opened(cache);
    }

    private synchronized CacheFloors opened(String cache) {
        CacheFloors known = notOpen.remove(cache);
        CacheFloors made = known == null ? made() : known;
        CacheFloors other = open.putIfAbsent(cache, made);
        return other == null ? made : other;
    }

    private CacheFloors made() {
        CacheFloors made = new CacheFloors(partitions, tagOptions, time);
        made.raiseTo(bound);
        return made;
    }

    /**
     * The cache is not open any more. If nobody works with its floors, and they say nothing that the bound does not say, they
     * are gone; else they are kept until the room is needed.
     */
    synchronized void close(String cache, boolean isIdle) {
        CacheFloors floors = open.remove(cache);
        if (floors != null && !(isIdle && !isKept.test(floors) && floors.isCoveredBy(bound))) {
            keep(cache, floors);
        }
    }

    private void keep(String cache, CacheFloors floors) {
        notOpen.put(cache, floors);
        Iterator<Map.Entry<String, CacheFloors>> eldest = notOpen.entrySet().iterator();
        while (notOpen.size() > MOST_NOT_OPEN && eldest.hasNext()) {
            CacheFloors forgotten = eldest.next().getValue();
            if (!isKept.test(forgotten)) {
                fold(forgotten);
                eldest.remove();
            }
        }
    }

    private void fold(CacheFloors forgotten) {
        forgotten.foldTags();
        for (int p = 0; p < partitions; p++) {
            bound.raiseLocal(p, forgotten.floor(p));
            long shared = forgotten.sharedFloor(p);
            if (!outTier.has(p, shared)) {
                bound.raise(p, shared);
            }
        }
    }

    /** Raises floors of a cache, which may be open or not. */
    synchronized void raise(String cache, Consumer<CacheFloors> raise) {
        CacheFloors floors = open.get(cache);
        if (floors == null) {
            floors = notOpen.remove(cache);
            floors = floors == null ? made() : floors;
            raise.accept(floors);
            keep(cache, floors);
        } else {
            raise.accept(floors);
        }
    }

    /** Raises the floors of all caches, also of those that are opened later. */
    synchronized void raiseAll(Consumer<CacheFloors> raise) {
        raise.accept(bound);
        open.values().forEach(raise);
        notOpen.values().forEach(raise);
    }

    /** How many names are kept apart that are not open. */
    synchronized int notOpen() {
        return notOpen.size();
    }
}
