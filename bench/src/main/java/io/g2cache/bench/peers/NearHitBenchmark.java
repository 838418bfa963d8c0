package io.g2cache.bench.peers;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What a read costs that the near cache answers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class NearHitBenchmark {
    /** Creates the benchmark. */
    public NearHitBenchmark() {}

    /** A read on the reading node. */
    @Benchmark
    public byte @Nullable [] get(HeldState state) throws Exception {
        return state.nodes().get(state.nextKey());
    }
}
