package io.g2cache.bench;

import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What leaves the JVM's own memory: local misses, loads, and writes of a node with all modules. */
public class NodeBenchmark {
    /** Creates the benchmark. */
    public NodeBenchmark() {}

    /** A node with all modules and a full out tier. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init")
    public static class NodeState {
        /** Name of a {@link PublishMode}. */
        @Param("INVALIDATE")
        public String publish;

        /** Whether every entry has a tag, and another tag was invalidated. */
        @Param("false")
        public boolean tagged;

        private final RoundRobin keys = new RoundRobin(FullNode.ENTRIES);
        private Deployment deployment;
        private FullNode node;
        private long absent;

        /** Creates the state. */
        public NodeState() {}

        /** Starts broker and member, then the node, and fills the out tier. */
        @Setup
        public void open() {
            deployment = new Deployment();
            node = new FullNode(deployment, PublishMode.valueOf(publish), tagged);
            if (tagged) {
                var unused = node.invalidateTag("of no entry");
            }
            node.fill(new Workload(FullNode.ENTRIES));
        }

        /** Closes the node, then broker and member. */
        @TearDown
        public void close() {
            node.close();
            deployment.close();
        }
    }

    /** A read that the local tier misses and the out tier answers; the local tier then holds it for a while. */
    @Benchmark
    public byte @Nullable [] outHit(NodeState state) {
        return state.node.get(state.keys.next());
    }

    /** A bulk read of which the out tier answers nearly all. */
    @Benchmark
    public Map<String, byte[]> outHits(NodeState state) {
        return state.node.getAll(state.keys.bulk());
    }

    /** A read that no tier answers, with a loader that has the value at hand. */
    @Benchmark
    public byte @Nullable [] load(NodeState state) {
        return state.node.get("absent-" + state.absent++, key -> state.keys.value());
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

    /** An invalidation of all entries with a tag. */
    @Benchmark
    public WriteToken invalidateTag(NodeState state) {
        return state.node.invalidateTag(state.keys.next());
    }

    /** A clear of everything. */
    @Benchmark
    public WriteToken clear(NodeState state) {
        return state.node.clear();
    }
}
