package io.g2cache.bench;

import com.hazelcast.map.IMap;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What leaves the JVM's own memory: a local miss that the out tier answers, and writes; with what lies underneath. */
public class NodeBenchmark {
    /** Creates the benchmark. */
    public NodeBenchmark() {}

    /** A node with all modules. */
    @State(Scope.Benchmark)
    public static class NodeState {
        private final Deployment deployment = new Deployment();
        private final RoundRobin keys = new RoundRobin(FullNode.ENTRIES);
        private final FullNode node = new FullNode(deployment, PublishMode.INVALIDATE);

        /** Creates the state. */
        public NodeState() {}

        /** Closes the node, then broker and member. */
        @TearDown
        public void close() {
            node.close();
            deployment.close();
        }
    }

    /** The same with a filled out tier. */
    @State(Scope.Benchmark)
    public static class FilledState extends NodeState {
        /** Fills the out tier. */
        public FilledState() {
            super.node.fill(new Workload(FullNode.ENTRIES));
        }
    }

    /** Log and out tier without the engine. */
    @State(Scope.Benchmark)
    public static class RawState {
        private final Deployment deployment = new Deployment();
        private final RoundRobin keys = new RoundRobin(FullNode.ENTRIES);
        private final RawParts parts = new RawParts(deployment);

        /** Creates the state. */
        public RawState() {}

        /** Closes log and tier, then broker and member. */
        @TearDown
        public void close() {
            parts.close();
            deployment.close();
        }
    }

    /** Hazelcast's own map, filled. */
    @State(Scope.Benchmark)
    public static class MapState {
        private final Deployment deployment = new Deployment();
        private final RoundRobin keys = new RoundRobin(FullNode.ENTRIES);
        private final IMap<String, byte[]> map = deployment.plainMap();

        /** Fills the map. */
        public MapState() {
            for (int i = 0; i < FullNode.ENTRIES; i++) {
                map.set(keys.next(), keys.value());
            }
        }

        /** Stops broker and member. */
        @TearDown
        public void close() {
            deployment.close();
        }
    }

    /** Hazelcast's own get. */
    @Benchmark
    public byte @Nullable [] plainRead(MapState state) {
        return state.map.get(state.keys.next());
    }

    /** A read that the local tier misses and the out tier answers; the local tier then holds it for a while. */
    @Benchmark
    public byte @Nullable [] outHit(FilledState state) {
        NodeState filled = state;
        return filled.node.get(filled.keys.next());
    }

    /** An append, and when it is acknowledged, a write to the out tier. */
    @Benchmark
    public boolean plainWrite(RawState state) throws Exception {
        return state.parts.put(state.keys.next(), state.keys.value());
    }

    /** A put. */
    @Benchmark
    public WriteToken put(NodeState state) {
        return state.node.put(state.keys.next(), state.keys.value());
    }

    /** An invalidation. */
    @Benchmark
    public WriteToken invalidate(NodeState state) {
        return state.node.invalidate(state.keys.next());
    }
}
