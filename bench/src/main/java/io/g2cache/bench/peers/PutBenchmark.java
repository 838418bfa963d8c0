package io.g2cache.bench.peers;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a write costs until the peer calls it done. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PutBenchmark {
    /** Creates the benchmark. */
    public PutBenchmark() {}

    /** Two nodes. */
    @State(Scope.Benchmark)
    public static class Nodes extends PeerState {
        private static final int KEYS = 1_000;
        private static final int NEAR_ENTRIES = 4_000;

        /** What is measured. */
        @Param
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

    /** A write on the writing node. */
    @Benchmark
    public void put(Nodes state) throws Exception {
        state.nodes().put(state.nextKey(), state.nextValue());
    }
}
