package io.g2cache.testkit.engine;

import io.g2cache.WriteToken;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What others may do who can read and write the log and the out tier of a {@link Rig}: bytes as they lie there. */
final class Others implements AutoCloseable {
    private final SyncLog log;
    private final OutCache out;
    private final KeySpace keys;

    Others(Rig rig) {
        log = new MemoryLog(rig.broker)
                .open(new LogContext("default", "raw", Duration.ofDays(7), Duration.ofSeconds(60), 1 << 20, rig.time));
        out = new MemoryOut(rig.store)
                .open(new OutContext(
                        "default", "cities", log.generation(), Duration.ofDays(8), Runnable::run, rig.time));
        keys = new KeySpace("cities", log.partitions());
    }

    void awaitMaterialised() throws Exception {
        Rig.until(
                "materialised",
                () -> log.committed().join().equals(log.endOffsets().join()));
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        LogHandler handler = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                events.add(event);
            }

            @Override
            public void onPosition(int partition, long next) {}

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new AssertionError(reason);
            }
        };
        try (LogReader reader = log.tail(log.startOffsets().join())) {
            while (reader.poll(Duration.ZERO, handler) > 0) {
                // goes on to the end
            }
        }
        return events;
    }

    private static Map<byte[], @Nullable Entry> keyed(List<Event> events) {
        Map<byte[], @Nullable Entry> keyed = new LinkedHashMap<>();
        for (Event event : events) {
            if (event instanceof Event.Put put) {
                keyed.put(put.key(), put.entry());
            } else if (event instanceof Event.Loaded loaded) {
                keyed.put(loaded.key(), loaded.entry());
            } else if (event instanceof Event.Invalidate invalidate) {
                keyed.put(invalidate.key(), null);
            }
        }
        return keyed;
    }

    /** The values of all events. */
    List<byte[]> valuesOfLog() {
        return keyed(events()).values().stream()
                .filter(Objects::nonNull)
                .map(Entry::requireValue)
                .toList();
    }

    /** The keys and tags of all events. */
    List<byte[]> namesOfLog() {
        List<Event> events = events();
        List<byte[]> names = new ArrayList<>(keyed(events).keySet());
        for (Event event : events) {
            if (event instanceof Event.Tag tag) {
                names.add(tag.tag().getBytes(StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    /** The values that the out tier holds for the keys of all events. */
    List<byte[]> valuesOfOut() {
        return held().values().stream()
                .map(Entry::value)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Those of the keys of all events for which the out tier holds an entry. */
    List<byte[]> namesOfOut() {
        return held().keySet().stream().map(EncodedKey::bytes).toList();
    }

    private Map<EncodedKey, Entry> held() {
        Map<EncodedKey, Entry> held = new LinkedHashMap<>();
        for (byte[] bytes : keyed(events()).keySet()) {
            EncodedKey key = keys.key(bytes);
            Entry entry = out.read(key).join().entry();
            if (entry != null) {
                held.put(key, entry);
            }
        }
        return held;
    }

    private EncodedKey key(String key) {
        return keys.key(key.getBytes(StandardCharsets.UTF_8));
    }

    @Nullable
    Entry inOut(String key) {
        return out.read(key(key)).join().entry();
    }

    /** How many events of a key are in the log. */
    int eventsOf(String key) {
        byte[] bytes = key(key).bytes();
        return (int) keyed(events()).keySet().stream()
                .filter(one -> Arrays.equals(one, bytes))
                .count();
    }

    void putInOut(String key, Entry entry) {
        boolean unused = out.apply(key(key), entry).join();
    }

    /** The entry of the newest event of a key. */
    Entry newestOfLog(String key) {
        byte[] bytes = key(key).bytes();
        return keyed(events()).entrySet().stream()
                .filter(one -> Arrays.equals(one.getKey(), bytes))
                .map(one -> Objects.requireNonNull(one.getValue()))
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    /** Puts an entry under a key of a cache, as a node would. */
    WriteToken put(String cache, String key, Entry entry) throws Exception {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int partition = new KeySpace(cache, log.partitions()).key(bytes).partition();
        return append(partition, new Event.Put(cache, bytes, "foreign", entry));
    }

    /** Appends an event to the partition of a key of the rig's cache. */
    WriteToken append(String key, Function<byte[], Event> event) throws Exception {
        return append(key(key).partition(), event.apply(key(key).bytes()));
    }

    private WriteToken append(int partition, Event event) throws Exception {
        return WriteToken.of(log.generation(), Map.of(partition, Rig.get(log.append(partition, event))));
    }

    /** Whether bytes hold a text. */
    static Predicate<byte[]> contains(String text) {
        return bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
    }

    @Override
    public void close() {
        out.close();
        log.close();
    }
}
