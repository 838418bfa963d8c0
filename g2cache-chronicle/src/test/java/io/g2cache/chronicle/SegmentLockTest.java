package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SegmentLockTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 50_000;
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(2);

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    private final SegmentLock lock = new SegmentLock();
    private long first;
    private long second;

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void readersShareAndKeepWritersOut() {
        lock.lockRead(false);
        lock.lockRead(false);
        assertThat(lock.tryLockWrite(SHORT)).isFalse();
        lock.unlockRead();
        assertThat(lock.tryLockWrite(SHORT)).isFalse();
        lock.unlockRead();
        assertThat(lock.tryLockWrite(SHORT)).isTrue();
        assertThat(lock.tryLockWrite(SHORT)).isFalse();
        lock.unlockWrite();
        assertThat(lock.tryLockWrite(SHORT)).isTrue();
        lock.unlockWrite();
        lock.lockRead(false);
        lock.unlockRead();
    }

    /** Before readers got their turn, one of these waits lasted for the lock's limit of a minute, and threw. */
    @Test
    void writersThatNeverPauseDoNotKeepReadersOut() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        AtomicBoolean done = new AtomicBoolean();
        try {
            for (int i = 0; i < 8; i++) {
                Future<?> unused = writers.submit(() -> writeUntil(done));
            }
            for (int read = 0; read < 500; read++) {
                lock.lockRead(false);
                lock.unlockRead();
            }
        } finally {
            done.set(true);
            writers.shutdown();
        }
        assertThat(writers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(first).isPositive();
    }

    private void writeUntil(AtomicBoolean done) {
        while (!done.get()) {
            lock.lockWrite();
            for (int i = 0; i < 500; i++) {
                first++;
                Thread.onSpinWait();
            }
            lock.unlockWrite();
        }
    }

    @Test
    void aWaitingWriterKeepsNewReadersOutButNoNestedOnes() throws Exception {
        lock.lockRead(false);
        Future<?> writer = executor.submit(() -> {
            lock.lockWrite();
            first++;
            lock.unlockWrite();
        });
        Thread.State state;
        Future<Long> reader;
        do {
            lock.lockRead(true);
            lock.unlockRead();
            reader = executor.submit(() -> {
                lock.lockRead(false);
                long seen = first;
                lock.unlockRead();
                return seen;
            });
            state = waitBriefly(reader);
        } while (state == Thread.State.TERMINATED);
        lock.lockRead(true);
        lock.unlockRead();
        lock.unlockRead();
        writer.get(30, TimeUnit.SECONDS);
        assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }

    /** TERMINATED if it came through, which it does only before the writer has begun to wait. */
    private static Thread.State waitBriefly(Future<Long> reader) throws Exception {
        try {
            assertThat(reader.get(20, TimeUnit.MILLISECONDS)).isZero();
            return Thread.State.TERMINATED;
        } catch (java.util.concurrent.TimeoutException e) {
            return Thread.State.WAITING;
        }
    }

    @Test
    void noReaderSeesHalfAWrite() throws Exception {
        List<Future<Boolean>> users = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            boolean writes = t % 2 == 0;
            users.add(executor.submit(() -> writes ? write() : read()));
        }
        for (Future<Boolean> user : users) {
            assertThat(user.get(50, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(first).isEqualTo(2L * ROUNDS).isEqualTo(second);
    }

    private boolean write() {
        for (int i = 0; i < ROUNDS; i++) {
            lock.lockWrite();
            first++;
            second++;
            lock.unlockWrite();
        }
        return true;
    }

    private boolean read() {
        for (int i = 0; i < ROUNDS; i++) {
            lock.lockRead(false);
            boolean same = first == second;
            lock.unlockRead();
            if (!same) {
                return false;
            }
        }
        return true;
    }
}
