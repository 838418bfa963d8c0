package io.g2cache.bench;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Many readers of one key: that is absent, and that is to be refreshed. A loader takes a millisecond. */
public class LoadBenchmark {
    private static final int READERS = 16;
    private static final int SOFT_KEYS = 256;
    private static final int MAXIMUM_ENTRIES = 10_000;
    private static final Duration SOFT = Duration.ofMillis(20);

    /** Creates the benchmark. */
    public LoadBenchmark() {}

    /** A cache whose values become old at once, with readers. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init")
    public static class Caches {
        /** Whether it is our node; else Caffeine. */
        @Param("true")
        public boolean ours;

        private final ExecutorService readers = Executors.newFixedThreadPool(READERS);
        private final AtomicLong loads = new AtomicLong();
        private LongFunction<byte[]> reads;
        private Runnable closing = () -> {};
        private long next;

        /** Creates the state. */
        public Caches() {}

        /** Opens the cache. */
        @Setup
        public void open() {
            if (ours) {
                G2Node node =
                        G2Node.builder().local(ChronicleLocal.builder().build()).build();
                G2Cache<Long, byte[]> cache = node.cache(CacheSpec.builder("bench", Codecs.int64(), Codecs.bytes())
                        .lifetime(Lifetime.of(SOFT, Duration.ofDays(1)))
                        .maximumEntries(MAXIMUM_ENTRIES)
                        .averageEntryBytes(LocalTier.ENTRY_BYTES)
                        .loader(this::load)
                        .build());
                reads = cache::get;
                closing = node::close;
            } else {
                LoadingCache<Long, byte[]> cache = Caffeine.newBuilder()
                        .maximumSize(MAXIMUM_ENTRIES)
                        .refreshAfterWrite(SOFT)
                        .build(this::load);
                reads = cache::get;
            }
        }

        private byte[] load(long key) {
            loads.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return new byte[Workload.VALUE_BYTES];
        }

        /** Closes the cache. */
        @TearDown
        public void close() {
            readers.shutdownNow();
            closing.run();
        }
    }

    /** Sixteen threads read a key at once that nobody has read: it is loaded once, and all get the value. */
    @Benchmark
    public int singleFlight(Caches caches) throws Exception {
        long key = SOFT_KEYS + caches.next++;
        long before = caches.loads.get();
        List<Future<byte[]>> reads = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            reads.add(caches.readers.submit(() -> caches.reads.apply(key)));
        }
        int bytes = 0;
        for (Future<byte[]> read : reads) {
            bytes += read.get(30, TimeUnit.SECONDS).length;
        }
        long loads = caches.loads.get() - before;
        if (loads != 1) {
            throw new IllegalStateException("loads=" + loads + " of one key");
        }
        return bytes;
    }

    /** A read of values that are old all the time: they are served, and refreshed behind. */
    @Benchmark
    public byte[] softExpired(Caches caches) {
        return caches.reads.apply(caches.next++ % SOFT_KEYS);
    }
}
