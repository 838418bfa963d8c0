package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(150)
class ReviewStarvationTest {
    @Test
    void readersOfASmallTierComeThroughBesideWriters() throws Exception {
        FlagPreflight.check(false);
        try (Opened<Long, byte[]> tier = Opened.open(
                ChronicleLocal.builder().segments(1).hotEntries(0).build(), Codecs.int64(), Codecs.bytes(), false)) {
            tier.apply(1L, 1, new byte[100]);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong writes = new AtomicLong();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long key = 100 + i;
                Thread t = new Thread(() -> {
                    for (long v = 1; !stop.get(); v++) {
                        tier.apply(key, v, new byte[100]);
                        writes.incrementAndGet();
                    }
                });
                t.setDaemon(true);
                writers.add(t);
                t.start();
            }
            Thread.sleep(500);
            long worst = 0;
            long reads = 0;
            long slow = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                tier.get(1L);
                reads++;
                long took = System.nanoTime() - start;
                worst = Math.max(worst, took);
                slow += took > 10_000_000 ? 1 : 0;
            }
            stop.set(true);
            for (Thread t : writers) {
                t.join();
            }
            assertThat(worst)
                    .as("worst get in ns; gets=%d, of them above 10 ms=%d, writes=%d", reads, slow, writes.get())
                    .isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }
}
