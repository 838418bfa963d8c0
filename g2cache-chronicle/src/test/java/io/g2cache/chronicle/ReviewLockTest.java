package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A segment that is written to without a pause must let readers in within a moment. */
@Timeout(60)
class ReviewLockTest {
    @Test
    void writersDoNotKeepReadersOutForEver() throws Exception {
        SegmentLock lock = new SegmentLock();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong writes = new AtomicLong();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread t = new Thread(() -> {
                while (!stop.get()) {
                    lock.lockWrite();
                    long end = System.nanoTime() + 5_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    lock.unlockWrite();
                    writes.incrementAndGet();
                }
            });
            t.setDaemon(true);
            writers.add(t);
            t.start();
        }
        Thread.sleep(100);
        long worst = 0;
        long reads = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            lock.lockRead(false);
            lock.unlockRead();
            reads++;
            worst = Math.max(worst, System.nanoTime() - start);
        }
        stop.set(true);
        for (Thread t : writers) {
            t.join();
        }
        assertThat(worst)
                .as("worst wait of a reader in ns; reads=%d, writes=%d", reads, writes.get())
                .isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
    }
}
