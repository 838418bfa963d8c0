package io.g2cache.bench.peers;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a read costs that the near cache misses and the shared tier answers: the near cache holds a small part of the keys. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SharedReadBenchmark {
    /** Creates the benchmark. */
    public SharedReadBenchmark() {}

    /** Two nodes. */
    @State(Scope.Benchmark)
    public static class Nodes extends PeerState {
        private static final int KEYS = 4_000;
        private static final int NEAR_ENTRIES = 64;

        /** What is measured. */
        @Param({
            "G2CACHE",
            "G2CACHE_VALUES",
            "G2CACHE_OUT",
            "HAZELCAST_CLIENT",
            "HAZELCAST_MEMBER",
            "REDISSON",
            "REDISSON_DEFAULT",
            "JETCACHE"
        })
        public Peer peer = Peer.G2CACHE;

        /** Creates the state. */
        public Nodes() {
            super(KEYS, NEAR_ENTRIES);
        }

        @Override
        Peer peer() {
            return peer;
        }
    }

    /** A read on the reading node. */
    @Benchmark
    public byte @Nullable [] get(Nodes state) throws Exception {
        return state.nodes().get(state.nextKey());
    }
}
