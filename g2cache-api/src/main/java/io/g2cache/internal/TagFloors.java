package io.g2cache.internal;

import io.g2cache.spi.TagFloor;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The floors of one cache's tags, in bounded memory: hash tables in the order of their age, into the youngest of which every
 * floor goes. The oldest table is dropped as a whole: for free when nothing that its floors could kill is left, which is the
 * longest lifetime after the last of them was raised, by both clocks; else, where the room is needed, each of its floors
 * raises that of its partition first, which kills more than it would have, and is counted.
 *
 * <p>Concurrency: the monitor guards every change. Reads take no lock: they see the array of tables as it was at one moment,
 * and in a table a place is published by its key, which never changes. A floor that is forced out is with its partition
 * before it leaves here, so whoever checks an entry looks here first.
 */
final class TagFloors {
    /** Where a floor goes that there is no room for. */
    @FunctionalInterface
    interface Overflow {
        /** The floor is about to be forgotten. */
        void raise(int partition, long version);
    }

    private static final int MOST_TABLES = 4;

    private final TimeSource time;
    private final long lifeNanos;
    private final int tableCapacity;
    private final Overflow overflow;
    private final AtomicLong forcedOut = new AtomicLong();
    private volatile Table[] tables = {};
    private List<TagFloor> snapshot = List.of();
    private boolean changed;

    /**
     * Without floors.
     *
     * @param capacity how many are kept, about, of a tag in a partition each
     * @param life how long an entry can live that is older than a floor just raised
     */
    TagFloors(TimeSource time, int capacity, Duration life, Overflow overflow) {
        this.time = time;
        this.lifeNanos = life.toNanos();
        this.tableCapacity = Math.max(1, capacity / MOST_TABLES);
        this.overflow = overflow;
    }

    /** The floor of a tag in a partition, or {@link RecentVersions#NONE}. */
    long floor(int partition, long tag) {
        return floor(tables, partition, tag);
    }

    private static long floor(Table[] tables, int partition, long tag) {
        long floor = RecentVersions.NONE;
        for (Table table : tables) {
            floor = Math.max(floor, table.floor(partition, tag));
        }
        return floor;
    }

    /** Raises the floor of a tag in a partition; a smaller version changes nothing. */
    synchronized void raise(int partition, long tag, long version) {
        dropOld();
        if (floor(partition, tag) >= version) {
            return;
        }
        Table youngest = youngest();
        youngest.put(partition, tag, version);
        youngest.lastNanos = time.monotonicNanos();
        youngest.lastMillis = time.wallMillis();
        changed = true;
    }

    private Table youngest() {
        Table[] old = tables;
        if (old.length == 0 || old[0].size == tableCapacity || isPast(old[0].firstNanos, old[0].firstMillis, 1)) {
            if (old.length == MOST_TABLES) {
                forceOut(old[MOST_TABLES - 1], Arrays.copyOf(old, MOST_TABLES - 1));
            }
            Table[] more = new Table[Math.min(old.length + 1, MOST_TABLES)];
            System.arraycopy(old, 0, more, 1, more.length - 1);
            more[0] = new Table(Table.FEWEST_PLACES, time.monotonicNanos(), time.wallMillis());
            tables = more;
        } else if (old[0].isFull()) {
            Table[] larger = old.clone();
            larger[0] = old[0].larger();
            tables = larger;
        }
        return tables[0];
    }

    private void forceOut(Table oldest, Table[] others) {
        oldest.forEach((partition, tag, version) -> {
            if (floor(others, partition, tag) < version) {
                overflow.raise(partition, version);
                forcedOut.incrementAndGet();
            }
        });
    }

    /** Drops what can kill nothing any more. */
    synchronized void dropOld() {
        Table[] all = tables;
        int kept = all.length;
        while (kept > 0 && isPast(all[kept - 1].lastNanos, all[kept - 1].lastMillis, MOST_TABLES - 1)) {
            kept--;
        }
        if (kept < all.length) {
            tables = Arrays.copyOf(all, kept);
            changed = true;
        }
    }

    /** Whether so many parts of the life are over; with one part for each table but one, the youngest always has room. */
    private boolean isPast(long sinceNanos, long sinceMillis, int parts) {
        long nanos = lifeNanos / (MOST_TABLES - 1) * parts;
        return time.monotonicNanos() - sinceNanos >= nanos
                && time.wallMillis() - sinceMillis >= TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** All floors; the same list as long as none has changed. */
    synchronized List<TagFloor> snapshot() {
        if (changed) {
            List<TagFloor> floors = new ArrayList<>();
            for (int i = tables.length - 1; i >= 0; i--) {
                tables[i].forEach((partition, tag, version) -> {
                    if (version == floor(partition, tag)) {
                        floors.add(new TagFloor(partition, tag, version));
                    }
                });
            }
            snapshot = List.copyOf(floors);
            changed = false;
        }
        return snapshot;
    }

    /** How many floors were forced out since the last call of this method. */
    long takeForcedOut() {
        return forcedOut.getAndSet(0);
    }

    /** Takes floors one by one. */
    @FunctionalInterface
    private interface Consumer {
        void accept(int partition, long tag, long version);
    }

    /** Floors by tag and partition, open addressing, at most half full. A key of 0 marks a free place. */
    private static final class Table {
        static final int FEWEST_PLACES = 64;

        private static final long SPREAD = 0x9E3779B97F4A7C15L;

        final long firstNanos;
        final long firstMillis;
        long lastNanos;
        long lastMillis;
        int size;
        private final AtomicLongArray keys;
        private final AtomicLongArray versions;
        private final long[] tags;
        private final int[] partitions;

        Table(int places, long firstNanos, long firstMillis) {
            this.firstNanos = firstNanos;
            this.firstMillis = firstMillis;
            lastNanos = firstNanos;
            lastMillis = firstMillis;
            keys = new AtomicLongArray(places);
            versions = new AtomicLongArray(places);
            tags = new long[places];
            partitions = new int[places];
        }

        private static long key(int partition, long tag) {
            long key = tag + (partition + 1) * SPREAD;
            return key == 0 ? SPREAD : key;
        }

        /** The place of the tag in the partition; if it has none, the complement of the free one where it belongs. */
        private int place(int partition, long tag) {
            long key = key(partition, tag);
            int mask = partitions.length - 1;
            int at = (int) (key >>> 32 ^ key) & mask;
            for (long there = keys.get(at); there != 0; there = keys.get(at)) {
                if (there == key && partitions[at] == partition && tags[at] == tag) {
                    return at;
                }
                at = at + 1 & mask;
            }
            return ~at;
        }

        long floor(int partition, long tag) {
            int at = place(partition, tag);
            return at < 0 ? RecentVersions.NONE : versions.get(at);
        }

        boolean isFull() {
            return size == partitions.length / 2;
        }

        void put(int partition, long tag, long version) {
            int at = place(partition, tag);
            if (at >= 0) {
                versions.set(at, version);
                return;
            }
            int free = ~at;
            versions.set(free, version);
            tags[free] = tag;
            partitions[free] = partition;
            size++;
            keys.set(free, key(partition, tag));
        }

        Table larger() {
            Table larger = new Table(2 * partitions.length, firstNanos, firstMillis);
            forEach(larger::put);
            larger.lastNanos = lastNanos;
            larger.lastMillis = lastMillis;
            return larger;
        }

        void forEach(Consumer consumer) {
            for (int at = 0; at < partitions.length; at++) {
                if (keys.get(at) != 0) {
                    consumer.accept(partitions[at], tags[at], versions.get(at));
                }
            }
        }
    }
}
