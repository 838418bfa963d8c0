package io.g2cache.bench;

import com.hazelcast.map.IMap;
import java.util.HashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What lies underneath {@link NodeBenchmark}: Hazelcast's own map, and log and out tier without the engine. */
public class PartsBenchmark {
    /** Creates the benchmark. */
    public PartsBenchmark() {}

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
        private long absent;

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
    public byte @Nullable [] get(MapState state) {
        return state.map.get(state.keys.next());
    }

    /** Hazelcast's own bulk read. */
    @Benchmark
    public Map<String, byte[]> getAll(MapState state) {
        return state.map.getAll(new HashSet<>(state.keys.bulk()));
    }

    /** A get that finds nothing, and a set of the value. */
    @Benchmark
    public byte @Nullable [] getThenSet(MapState state) {
        String key = "absent-" + state.absent++;
        byte[] found = state.map.get(key);
        state.map.set(key, state.keys.value());
        return found;
    }

    /** An append, and when it is acknowledged, a write to the out tier. */
    @Benchmark
    public boolean put(RawState state) throws Exception {
        return state.parts.put(state.keys.next(), state.keys.value());
    }

    /** An append of the value, and when it is acknowledged, a write to the out tier. */
    @Benchmark
    public boolean publish(RawState state) throws Exception {
        return state.parts.publish(state.keys.next(), state.keys.value());
    }

    /** An append, and when it is acknowledged, a tombstone for the out tier. */
    @Benchmark
    public boolean invalidate(RawState state) throws Exception {
        return state.parts.invalidate(state.keys.next());
    }
}
