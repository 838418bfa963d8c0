package io.g2cache.bench.suite;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/** What is done within one JVM, by any store. */
public class LocalBenchmark {
    private static final int BULK = 100;
    private static final int BULKS = 256;

    /** Creates the benchmark. */
    public LocalBenchmark() {}

    /** A filled store. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init")
    public static class Filled {
        /** Name of a {@code StoreKind}. */
        @Param("HOT")
        public String store;

        /** Name of a {@code KeyKind}. */
        @Param("STRING")
        public String keys;

        /** Name of a {@code ValueKind}. */
        @Param("RAW")
        public String values;

        /** Size of a value. */
        @Param("100")
        public int valueBytes;

        /** How many entries there are. */
        @Param("100000")
        public int entries;

        /** Whether some keys are read much more than others. */
        @Param("true")
        public boolean zipf;

        private Store<Object, Object> cache;
        private KeyKind keyKind;
        private ValueKind valueKind;

        /** Creates the state. */
        public Filled() {}

        /** Fills the store. */
        @Setup
        public void fill() {
            keyKind = KeyKind.valueOf(keys);
            valueKind = ValueKind.valueOf(values);
            cache = StoreKind.valueOf(store).open(keyKind.shape(valueKind, entries, valueBytes), keyKind.key(0));
            putAll();
        }

        void putAll() {
            for (int rank = 0; rank < entries; rank++) {
                cache.put(keyKind.key(rank), value(rank));
            }
        }

        Object value(int rank) {
            return valueKind.value(rank, valueBytes);
        }

        /** Closes the store. */
        @TearDown
        public void close() {
            cache.close();
        }
    }

    /** The same, filled again before each call. */
    @State(Scope.Benchmark)
    public static class Refilled extends Filled {
        /** Creates the state. */
        public Refilled() {}

        /** Fills the store again. */
        @Setup(Level.Invocation)
        public void refill() {
            putAll();
        }
    }

    /** What a thread reads. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class Reader {
        private Reads reads;
        private Object value;
        private int absent;

        /** Creates the state. */
        public Reader() {}

        /** Makes the keys. */
        @Setup
        public void make(Filled filled, ThreadParams thread) {
            reads = new Reads(filled.keyKind, filled.entries, filled.zipf, thread.getThreadIndex());
            value = filled.value(1);
            absent = filled.entries + thread.getThreadIndex() * (1 << 28);
        }
    }

    /** What a thread reads at once. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class BulkReader {
        private final List<List<Object>> bulks = new ArrayList<>();
        private int step;

        /** Creates the state. */
        public BulkReader() {}

        /** Makes the lists of keys. */
        @Setup
        public void make(Filled filled, ThreadParams thread) {
            Reads reads = new Reads(filled.keyKind, filled.entries, filled.zipf, thread.getThreadIndex());
            for (int bulk = 0; bulk < BULKS; bulk++) {
                Set<Object> keys = new LinkedHashSet<>();
                while (keys.size() < BULK) {
                    keys.add(reads.next());
                }
                bulks.add(List.copyOf(keys));
            }
        }

        List<Object> next() {
            return bulks.get(step++ & (BULKS - 1));
        }
    }

    /** A hit. */
    @Benchmark
    public Object get(Filled filled, Reader reader) {
        return Objects.requireNonNull(filled.cache.get(reader.reads.next()));
    }

    /** A put over an entry. */
    @Benchmark
    public void put(Filled filled, Reader reader) {
        filled.cache.put(reader.reads.next(), reader.value);
    }

    /** A get of an absent key with a loader that has the value at hand. */
    @Benchmark
    public Object load(Filled filled, Reader reader) {
        return filled.cache.load(filled.keyKind.key(reader.absent++), key -> reader.value);
    }

    /** A put over an entry, and its removal. */
    @Benchmark
    public void invalidate(Filled filled, Reader reader) {
        Object key = reader.reads.next();
        filled.cache.put(key, reader.value);
        filled.cache.remove(key);
    }

    /** Empties the full store. */
    @Benchmark
    public void clear(Refilled filled) {
        Filled full = filled;
        full.cache.clear();
    }

    /** A read of a hundred different keys at once. */
    @Benchmark
    public Map<Object, Object> getAll(Filled filled, BulkReader reader) {
        Map<Object, Object> found = filled.cache.getAll(reader.next());
        if (found.size() != BULK) {
            throw new IllegalStateException("found=" + found.size() + " of " + BULK);
        }
        return found;
    }
}
