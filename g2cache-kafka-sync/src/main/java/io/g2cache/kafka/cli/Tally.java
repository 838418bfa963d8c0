package io.g2cache.kafka.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts records by cache and kind. Its memory is bounded, for names may come from hostile records: long ones are cut, and
 * beyond a number of groups, records of further caches are counted together. Not thread-safe.
 */
final class Tally {
    static final int MOST_GROUPS = 10_000;
    static final String OTHERS = "(other caches)";

    private static final int NAME_CHARACTERS = 100;

    private final Map<Name, Group> byName = new LinkedHashMap<>();
    private final List<Group> groups = new ArrayList<>();

    /** What a group is counted under; the cache is empty where the kind concerns none. */
    private record Name(String cache, String kind) {}

    /** The counters of one cache and kind. */
    static final class Group {
        private final int index;
        private final String cache;
        private final String kind;
        private long records;
        private long bytes;
        private long superseded;
        private long supersededBytes;
        private long oldestMillis = Long.MAX_VALUE;
        private long newestMillis = Long.MIN_VALUE;

        private Group(int index, String cache, String kind) {
            this.index = index;
            this.cache = cache;
            this.kind = kind;
        }

        /** Its number, from 0. */
        int index() {
            return index;
        }

        String cache() {
            return cache;
        }

        String kind() {
            return kind;
        }

        long records() {
            return records;
        }

        long bytes() {
            return bytes;
        }

        long superseded() {
            return superseded;
        }

        long supersededBytes() {
            return supersededBytes;
        }

        long oldestMillis() {
            return oldestMillis;
        }

        long newestMillis() {
            return newestMillis;
        }

        /** One of its records has a newer one with the same record key behind it: compaction may remove it. */
        void supersede(int recordBytes) {
            superseded++;
            supersededBytes += recordBytes;
        }
    }

    Group add(EventFields fields, int bytes, long timeMillis) {
        String cache = fields.cache() == null ? "" : Text.shortened(fields.cache(), NAME_CHARACTERS);
        Group group = byName.get(new Name(cache, fields.kind()));
        if (group == null) {
            Name name = new Name(groups.size() < MOST_GROUPS ? cache : OTHERS, fields.kind());
            group = byName.computeIfAbsent(name, added -> created(added.cache(), added.kind()));
        }
        group.records++;
        group.bytes += bytes;
        group.oldestMillis = Math.min(group.oldestMillis, timeMillis);
        group.newestMillis = Math.max(group.newestMillis, timeMillis);
        return group;
    }

    private Group created(String cache, String kind) {
        Group group = new Group(groups.size(), cache, kind);
        groups.add(group);
        return group;
    }

    Group group(int index) {
        return groups.get(index);
    }

    /** All groups by cache, then kind. */
    List<Group> sorted() {
        return groups.stream()
                .sorted(Comparator.comparing(Group::cache).thenComparing(Group::kind))
                .toList();
    }

    long records() {
        return groups.stream().mapToLong(Group::records).sum();
    }

    long bytes() {
        return groups.stream().mapToLong(Group::bytes).sum();
    }

    long unreadable() {
        return groups.stream()
                .filter(group -> group.kind().equals(EventFields.UNREADABLE))
                .mapToLong(Group::records)
                .sum();
    }
}
