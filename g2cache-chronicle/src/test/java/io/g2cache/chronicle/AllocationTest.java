package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;
import io.g2cache.spi.LocalCacheProvider;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hits allocate nothing but what decoding the value needs, which here is nothing. */
@Timeout(120)
class AllocationTest {
    private static final int READS = 50_000;
    private static final int ROUNDS = 5;

    /** Reads the buffer. */
    private enum Sums implements Codec<Boolean> {
        INSTANCE;

        @Override
        public String id() {
            return "sums";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(Boolean value) {
            return new byte[100];
        }

        @Override
        public Boolean decode(ByteBuffer view) {
            long sum = 0;
            while (view.remaining() >= Long.BYTES) {
                sum += view.getLong();
            }
            return sum == 0;
        }
    }

    private static <K> void assertNothing(LocalCacheProvider provider, Codec<K> keys, K key) {
        try (Opened<K, Boolean> tier = Opened.open(provider, keys, Sums.INSTANCE, false)) {
            tier.apply(key, 1, true);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                int found = 0;
                for (int i = 0; i < READS; i++) {
                    found += Boolean.TRUE.equals(tier.get(key)) ? 1 : 0;
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                assertThat(found).isEqualTo(READS);
            }
            assertThat((double) least / READS)
                    .as("bytes a read with codec=%s", keys.id())
                    .isLessThan(0.1);
        }
    }

    @Test
    void hitsOffTheHeap() {
        LocalCacheProvider provider = ChronicleLocal.builder().hotEntries(0).build();
        assertNothing(provider, Codecs.string(), "a key of some length");
        assertNothing(provider, Codecs.string(), "ключ, 鍵");
        assertNothing(provider, Codecs.int64(), 123_456_789L);
        assertNothing(provider, Codecs.bytes(), new byte[300]);
    }

    @Test
    void hotHits() {
        assertNothing(Opened.eager(10), Codecs.string(), "a key of some length");
        assertNothing(Opened.eager(10), Codecs.int64(), 123_456_789L);
    }
}
