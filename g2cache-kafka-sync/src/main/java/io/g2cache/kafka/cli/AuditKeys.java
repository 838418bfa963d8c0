package io.g2cache.kafka.cli;

import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an audit, and the newest event of each that the log has. Some are given; the rest are picked from the log while
 * it is read, each event with the same chance (reservoir sampling, Vitter's algorithm R). Because the log is read in its
 * order, whatever event of a picked key is newer comes later, and is noticed. Memory is bounded by the number of keys. Used by
 * one thread.
 */
final class AuditKeys {
    private final Map<String, KeySpace> spaces = new HashMap<>();
    private final Map<Key, Newest> newest = new LinkedHashMap<>();
    private final Map<Place, Newest> cleared = new HashMap<>();
    private final List<Key> picked = new ArrayList<>();
    private final int mostPicked;
    private final RandomGenerator random;
    private long events;

    /** A key of a cache. */
    record Key(String cache, EncodedKey key) {}

    /**
     * The newest event of a key.
     *
     * @param event the event
     * @param timeMillis when it was appended, wall-clock milliseconds
     */
    record Newest(AuditEvent event, long timeMillis) {}

    private record Place(String cache, int partition) {}

    /** Keys of the given caches. */
    AuditKeys(Iterable<String> caches, int partitions, int mostPicked, RandomGenerator random) {
        caches.forEach(cache -> spaces.put(cache, new KeySpace(cache, partitions)));
        this.mostPicked = mostPicked;
        this.random = random;
    }

    /** A key that is to be audited whatever the log says; before the log is read. */
    void add(String cache, byte[] bytes) {
        KeySpace space = spaces.get(cache);
        if (space != null) {
            newest.putIfAbsent(new Key(cache, space.key(bytes)), new Newest(new AuditEvent(Long.MIN_VALUE, null), 0));
        }
    }

    /** The next record of the log. */
    void read(LogRecord found) {
        Event event = found.event();
        if (event instanceof Event.Put put) {
            AuditedEntry value = AuditedEntry.of(put.entry().withVersion(found.offset()), true);
            keyed(found, put.cache(), put.key(), value);
        } else if (event instanceof Event.Invalidate invalidate) {
            keyed(found, invalidate.cache(), invalidate.key(), null);
        } else if (event instanceof Event.Unreadable unreadable) {
            String cache = unreadable.cache();
            byte[] key = unreadable.key();
            if (cache != null && key != null) {
                keyed(found, cache, key, null);
            }
        } else if (event instanceof Event.Clear clear && spaces.containsKey(clear.cache())) {
            cleared.put(new Place(clear.cache(), found.partition()), newest(found, null));
        }
    }

    private static Newest newest(LogRecord found, @Nullable AuditedEntry value) {
        return new Newest(new AuditEvent(found.offset(), value), found.timeMillis());
    }

    private void keyed(LogRecord found, String cache, byte[] bytes, @Nullable AuditedEntry value) {
        KeySpace space = spaces.get(cache);
        if (space == null) {
            return;
        }
        Key key = new Key(cache, space.key(bytes));
        Newest known = newest(found, value);
        if (key.key().partition() != found.partition() || newest.computeIfPresent(key, (k, older) -> known) != null) {
            return;
        }
        events++;
        if (picked.size() < mostPicked) {
            picked.add(key);
            newest.put(key, known);
        } else if (mostPicked > 0) {
            long place = random.nextLong(events);
            if (place < mostPicked) {
                newest.remove(picked.set((int) place, key));
                newest.put(key, known);
            }
        }
    }

    /** The newest event that concerns the key, a clear included; null if the log has none. */
    @Nullable
    Newest newest(Key key) {
        Newest own = newest.get(key);
        Newest clear = cleared.get(new Place(key.cache(), key.key().partition()));
        if (own == null || own.event().version() == Long.MIN_VALUE) {
            return clear;
        }
        return clear != null && clear.event().version() > own.event().version() ? clear : own;
    }

    /** All keys, by cache. */
    Map<String, List<EncodedKey>> byCache() {
        return newest.keySet().stream()
                .collect(Collectors.groupingBy(
                        Key::cache, LinkedHashMap::new, Collectors.mapping(Key::key, Collectors.toList())));
    }

    int size() {
        return newest.size();
    }
}
