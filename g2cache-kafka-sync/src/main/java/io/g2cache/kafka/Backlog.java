package io.g2cache.kafka;

import io.g2cache.spi.TimeSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends that the producer could not take at once, because it has no metadata or no buffer space, in the order in which they
 * came. A thread of its own, which lives only while there are any, hands them over as soon as it can. An append fails when the
 * log has acknowledged nothing for as long as an append may wait; as long as it does acknowledge, a batch of any size gets
 * through. A caller is held up only while more bytes wait than the limit.
 *
 * <p>Concurrency: the lock guards the queue; sending is done without it. {@code pending} counts an append until it was handed
 * over, so that a later one of the same thread does not overtake it.
 */
final class Backlog implements AutoCloseable {
    /** Something that waits. */
    interface Waiting {
        /** Bytes it takes. */
        int bytes();

        /** Hands it over, or fails it where it is refused; false if it has to wait. */
        boolean trySend();

        /** It has waited too long, or will not be sent any more. Nothing was written. */
        void giveUp(String why);
    }

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE_SECONDS = 10;
    private static final long JOIN_MILLIS = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final String name;
    private final long longestWaitNanos;
    private final long maximumBytes;
    private final TimeSource time;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile long progressNanos;
    private long bytes;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * Creates an empty one.
     *
     * @param longestWaitNanos how long an append may wait while nothing is acknowledged
     * @param maximumBytes how much may wait before callers are held up
     */
    Backlog(String name, long longestWaitNanos, long maximumBytes, TimeSource time) {
        this.name = name;
        this.longestWaitNanos = longestWaitNanos;
        this.maximumBytes = maximumBytes;
        this.time = time;
        this.progressNanos = time.monotonicNanos();
    }

    /** Whether nothing waits, so that an append may go to the producer at once. */
    boolean isEmpty() {
        return pending.get() == 0;
    }

    /** The log has acknowledged something. */
    void progress() {
        if (pending.get() != 0) {
            progressNanos = time.monotonicNanos();
        }
    }

    /** Lets an append wait its turn; holds the caller up while too much waits, at most for the longest wait. */
    void add(Waiting append) {
        String refusal;
        lock.lock();
        try {
            refusal = awaitRoom();
            if (refusal == null) {
                if (queue.isEmpty()) {
                    progressNanos = time.monotonicNanos();
                }
                queue.add(append);
                pending.incrementAndGet();
                bytes += append.bytes();
                start();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (refusal != null) {
            append.giveUp(refusal);
        }
    }

    private @Nullable String awaitRoom() {
        try {
            while (!closed && bytes >= maximumBytes) {
                if (overdue()) {
                    return "bytes=" + bytes + " wait already, limit=" + maximumBytes;
                }
                var unused = changed.await(longestWaitNanos, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted while waiting for room";
        }
        return closed ? "the log is closed" : null;
    }

    private boolean overdue() {
        return time.monotonicNanos() - progressNanos > longestWaitNanos;
    }

    private void start() {
        if (thread == null) {
            Thread started = new Thread(this::run, name);
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private void run() {
        for (Waiting head = next(); head != null; head = next()) {
            boolean sent = false;
            try {
                sent = head.trySend();
            } catch (RuntimeException | Error e) {
                head.giveUp("handing it over failed: " + e);
                sent = true;
            }
            if (!sent && overdue()) {
                head.giveUp("the log gave neither metadata nor room, and acknowledged nothing, for milliseconds="
                        + TimeUnit.NANOSECONDS.toMillis(longestWaitNanos));
                sent = true;
            }
            if (sent) {
                leave(head);
            } else {
                pause();
            }
        }
    }

    /** The oldest one, which stays in the queue; null when the thread has nothing more to do. */
    private @Nullable Waiting next() {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed || (!changed.await(IDLE_SECONDS, TimeUnit.SECONDS) && queue.isEmpty())) {
                    thread = null;
                    return null;
                }
            }
            return closed ? null : queue.peek();
        } catch (InterruptedException e) {
            thread = null;
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiting head) {
        lock.lock();
        try {
            if (queue.peek() == head) {
                queue.remove();
                pending.decrementAndGet();
                bytes -= head.bytes();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        try {
            var unused = closing.await(RETRY_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fails what waits. Idempotent; waits for the thread for a moment. */
    @Override
    public void close() {
        Thread running;
        Queue<Waiting> left;
        lock.lock();
        try {
            closed = true;
            closing.countDown();
            running = thread;
            left = new ArrayDeque<>(queue);
            queue.clear();
            pending.set(0);
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(append -> append.giveUp("the log is closed"));
        if (running != null) {
            try {
                running.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
