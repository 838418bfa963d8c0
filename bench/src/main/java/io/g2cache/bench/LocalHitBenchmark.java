package io.g2cache.bench;

import io.g2cache.OnHeapLocal;
import io.g2cache.chronicle.ChronicleLocal;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A local hit: Caffeine, the node on the heap, plain Chronicle Map, the node off the heap. */
public class LocalHitBenchmark {
    /** Creates the benchmark. */
    public LocalHitBenchmark() {}

    /** The next key of a thread. */
    @State(Scope.Thread)
    public static class Reads {
        private final Workload workload = new Workload(Workload.ENTRIES);
        private long step;

        /** Creates the state. */
        public Reads() {}

        String next() {
            return workload.read(step++);
        }
    }

    /** Caffeine by itself. */
    @State(Scope.Benchmark)
    public static class CaffeineState {
        private final PlainCaffeine cache = new PlainCaffeine(new Workload(Workload.ENTRIES));

        /** Creates the state. */
        public CaffeineState() {}
    }

    /** A node on the heap. */
    @State(Scope.Benchmark)
    public static class OnHeapState {
        private final LocalNode node = new LocalNode(new OnHeapLocal(), new Workload(Workload.ENTRIES));

        /** Creates the state. */
        public OnHeapState() {}

        /** Closes the node. */
        @TearDown
        public void close() {
            node.close();
        }
    }

    /** Chronicle Map by itself. */
    @State(Scope.Thread)
    public static class PlainChronicleState {
        private final PlainChronicle map = new PlainChronicle(new Workload(Workload.ENTRIES));

        /** Creates the state. */
        public PlainChronicleState() {}

        /** Closes the map. */
        @TearDown
        public void close() {
            map.close();
        }
    }

    /** A node off the heap. */
    @State(Scope.Benchmark)
    public static class OffHeapState {
        private final LocalNode node = new LocalNode(ChronicleLocal.builder().build(), new Workload(Workload.ENTRIES));

        /** Creates the state. */
        public OffHeapState() {}

        /** Closes the node. */
        @TearDown
        public void close() {
            node.close();
        }
    }

    /** Caffeine's own get. */
    @Benchmark
    public byte @Nullable [] caffeine(CaffeineState state, Reads reads) {
        return state.cache.get(reads.next());
    }

    /** A hit through the whole engine, on the heap. */
    @Benchmark
    public byte @Nullable [] onHeap(OnHeapState state, Reads reads) {
        return state.node.get(reads.next());
    }

    /** Chronicle Map's own getUsing. */
    @Benchmark
    public byte @Nullable [] plainChronicle(PlainChronicleState state, Reads reads) {
        return state.map.getUsing(reads.next());
    }

    /** A hit through the whole engine, off the heap. */
    @Benchmark
    public byte @Nullable [] offHeap(OffHeapState state, Reads reads) {
        return state.node.get(reads.next());
    }
}
