package io.g2cache.bench.peers;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads keys on the reading node, again and again, until each shows its new value. A thread of its own reads, because a read
 * may hang while the connection is cut; others look at the volatile fields and wait for the latches.
 */
final class Watch {
    private static final long PAUSE_MILLIS = 1;

    private final PeerNodes nodes;
    private final List<String> missing;
    private final long number;
    private final CountDownLatch complete = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::read, "g2cache-bench-watch");
    private volatile long completeNanos;
    private volatile long lastOldNanos = Long.MIN_VALUE;
    private volatile long failures;
    private volatile int left;

    /**
     * A watch that does not read yet.
     *
     * @param keys what to read
     * @param number the number of the new values
     */
    Watch(PeerNodes nodes, List<String> keys, long number) {
        this.nodes = nodes;
        this.missing = new ArrayList<>(keys);
        this.number = number;
        this.left = keys.size();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void read() {
        try {
            do {
                for (Iterator<String> keys = missing.iterator(); keys.hasNext() && stopped.getCount() > 0; ) {
                    if (isNew(keys.next())) {
                        keys.remove();
                        left = missing.size();
                    }
                }
                if (missing.isEmpty()) {
                    completeNanos = System.nanoTime();
                    complete.countDown();
                    return;
                }
            } while (!stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the reading thread alone
    private boolean isNew(String key) {
        try {
            long found = Values.number(nodes.get(key));
            if (found == number) {
                return true;
            }
            if (found >= 0) {
                lastOldNanos = System.nanoTime();
            }
        } catch (Exception e) {
            failures++;
        }
        return false;
    }

    /** Waits until every key has shown its new value; false where the time is up before. */
    boolean await(long nanos) throws InterruptedException {
        return complete.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** When the last key showed its new value; only after {@link #await} has said that it did. */
    long completeNanos() {
        return completeNanos;
    }

    /** Nanoseconds from a moment until an old value was last returned; 0 where none was after it. */
    long oldFor(long sinceNanos) {
        long last = lastOldNanos;
        return last == Long.MIN_VALUE ? 0 : Math.max(0, last - sinceNanos);
    }

    /** Reads that failed. */
    long failures() {
        return failures;
    }

    /** Keys that have not shown their new value. */
    int left() {
        return left;
    }

    /** Lets the reading thread end after the read that it is in. */
    void stop() {
        stopped.countDown();
    }
}
