package io.g2cache.bench;

import com.sun.management.ThreadMXBean;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Bytes that a hit off the heap allocates where the codec only reads the buffer: of some rounds the one with the fewest.
 *
 * @param name what is measured
 * @param keyCodec codec of the keys
 * @param keys makes the keys
 */
record AllocationFigure<K>(String name, Codec<K> keyCodec, IntFunction<K> keys) implements Figure {
    private static final int KEYS = 1_000;
    private static final int READS = 1_000_000;
    private static final int ROUNDS = 5;

    /** The first byte: an object that the JVM has already. */
    private enum FirstByte implements Codec<Byte> {
        INSTANCE;

        @Override
        public String id() {
            return "first";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(Byte value) {
            byte[] bytes = new byte[Workload.VALUE_BYTES];
            bytes[0] = value;
            return bytes;
        }

        @Override
        public Byte decode(ByteBuffer view) {
            return view.get();
        }
    }

    /** For keys of text. */
    static AllocationFigure<String> text() {
        return new AllocationFigure<>("bytes allocated by an off-heap hit, text key", Codecs.string(), i -> "key-" + i);
    }

    /** For keys that are numbers. */
    static AllocationFigure<Long> number() {
        return new AllocationFigure<>(
                "bytes allocated by an off-heap hit, long key", Codecs.int64(), i -> 1_000_000_007L * i);
    }

    @Override
    public double target() {
        return 0;
    }

    @Override
    public double measure() {
        KeySpace keySpace = new KeySpace("allocation", 1);
        ValueFormat<Byte> format = new ValueFormat<>(FirstByte.INSTANCE);
        long now = TimeSource.SYSTEM.wallMillis();
        long deadline = now + TimeUnit.DAYS.toMillis(1);
        try (LocalCacheProvider provider =
                        ChronicleLocal.builder().hotEntries(0).build();
                LocalCache<K, Byte> cache = provider.open(new LocalContext<>(
                        "allocation",
                        keySpace,
                        keyCodec,
                        format,
                        Floors.NONE,
                        2 * KEYS,
                        LocalTier.ENTRY_BYTES,
                        1 << 20,
                        false,
                        "test",
                        TimeSource.SYSTEM))) {
            for (int i = 0; i < KEYS; i++) {
                Entry entry = Entry.value(1, deadline, deadline, format.encode((byte) 1));
                cache.apply(keySpace.key(keyCodec.encode(keys.apply(i))), entry, Admission.ALWAYS);
            }
            return fewestBytes(cache, now);
        }
    }

    private long fewestBytes(LocalCache<K, Byte> cache, long now) {
        @SuppressWarnings("unchecked")
        K[] read = (K[]) new Object[KEYS];
        for (int i = 0; i < KEYS; i++) {
            read[i] = keys.apply(i);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long sum = 0;
            for (int i = 0; i < READS; i++) {
                Byte value = cache.get(read[i % KEYS], now);
                sum += value == null ? 0 : value;
            }
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            if (sum != READS) {
                throw new IllegalStateException("hits=" + sum + " of reads=" + READS);
            }
        }
        return fewest / READS;
    }
}
