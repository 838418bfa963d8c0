package io.g2cache.testkit.races;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Event;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.Database;
import io.g2cache.testkit.FakeTime;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.TwoNodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * What a run knows from outside: since when the log has had which change, and when each value was last read from the source or
 * put. Used by one thread at a time.
 */
final class Truth implements MemoryLog.AppendListener {
    private final Database database;
    private final FakeTime time;
    private final ValueFormat<Long> format = new ValueFormat<>(Codecs.int64());
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<Integer, Long> sweeps = new HashMap<>();

    Truth(TwoNodes nodes, Plan plan) {
        this.database = nodes.database();
        this.time = nodes.time();
        plan.keyNames()
                .forEach(key -> rows.put(
                        key, new Row(nodes.key(key).partition(), plan.cache().tags() ? Plan.tagsOf(key) : List.of())));
    }

    /** One key. */
    private static final class Row {
        final int partition;
        final List<String> tags;
        final List<Change> changes = new ArrayList<>();
        final Map<Long, Long> bornMillis = new HashMap<>();
        int touched;

        Row(int partition, List<String> tags) {
            this.partition = partition;
            this.tags = tags;
        }
    }

    /** From this moment on the log says that the key has at least this number. */
    private record Change(long nanos, long offset, long atLeast) {}

    @Override
    public void appended(int partition, long offset, Event event) {
        if (event instanceof Event.Put put) {
            byte[] stored = put.entry().value();
            Row row = rows.get(text(put.key()));
            if (row != null && stored != null) {
                Long value = format.decode(ByteBuffer.wrap(stored));
                changed(row, offset, value == null ? 0 : value);
            }
        } else if (event instanceof Event.Invalidate invalidate) {
            String key = text(invalidate.key());
            Row row = rows.get(key);
            if (row != null) {
                changed(row, offset, database.read(key));
            }
        } else if (event instanceof Event.Redo) {
            touched();
        } else if (event instanceof Event.Unreadable unreadable) {
            sweeps.merge(partition, offset, Math::max);
            byte[] bytes = unreadable.key();
            rows.forEach((key, row) -> {
                row.touched++;
                if (row.partition == partition && (bytes == null || text(bytes).equals(key))) {
                    changed(row, offset, database.read(key));
                }
            });
        } else if (event instanceof Event.Clear || event instanceof Event.Tag) {
            sweeps.merge(partition, offset, Math::max);
            rows.forEach((key, row) -> {
                row.touched++;
                boolean concerns = !(event instanceof Event.Tag tag) || row.tags.contains(tag.tag());
                if (row.partition == partition && concerns) {
                    changed(row, offset, database.read(key));
                }
            });
        }
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private void changed(Row row, long offset, long atLeast) {
        row.touched++;
        row.changes.add(new Change(time.monotonicNanos(), offset, atLeast));
    }

    /** Somebody writes, or what becomes of a write is known. */
    void touched() {
        rows.values().forEach(row -> row.touched++);
    }

    /** Grows with everything that may make a load of the key one that others may not join. */
    int touches(String key) {
        return row(key).touched;
    }

    /** What the log has said of the key by this moment. */
    long known(String key, long nanos) {
        long known = 0;
        for (Change change : row(key).changes) {
            if (change.nanos <= nanos) {
                known = Math.max(known, change.atLeast);
            }
        }
        return known;
    }

    /** Whether a node whose tail has come to these offsets has heard of all that concerns the key, and of all sweeps. */
    boolean isKnown(String key, IntToLongFunction tailed) {
        Row row = row(key);
        List<Change> changes = row.changes;
        return (changes.isEmpty() || tailed.applyAsLong(row.partition) > changes.get(changes.size() - 1).offset)
                && sweeps.entrySet().stream().allMatch(sweep -> tailed.applyAsLong(sweep.getKey()) > sweep.getValue());
    }

    /** A value is read from the source, or put, by a node whose wall clock shows this. */
    void born(String key, long value, long wallMillis) {
        row(key).bornMillis.merge(value, wallMillis, Math::max);
    }

    /** When the value was last read from the source or put. */
    long bornMillis(String key, long value) {
        return row(key).bornMillis.getOrDefault(value, Long.MIN_VALUE);
    }

    private Row row(String key) {
        Row row = rows.get(key);
        if (row == null) {
            throw new IllegalArgumentException("no such key=" + key);
        }
        return row;
    }
}
