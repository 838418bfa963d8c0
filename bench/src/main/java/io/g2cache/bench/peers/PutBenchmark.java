package io.g2cache.bench.peers;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What a write costs until the peer calls it done. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PutBenchmark {
    /** Creates the benchmark. */
    public PutBenchmark() {}

    /** A write on the writing node. */
    @Benchmark
    public void put(HeldState state) throws Exception {
        state.nodes().put(state.nextKey(), state.nextValue());
    }
}
