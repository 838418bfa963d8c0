package io.g2cache.kafka.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a command to end. The thread that works registers how the wait that it is in can be ended; any thread may ask, once or
 * more often. The lock keeps a wait from being ended after it was over.
 */
final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private @Nullable Runnable wakeUp;

    synchronized void request() {
        asked.countDown();
        if (wakeUp != null) {
            wakeUp.run();
        }
    }

    boolean requested() {
        return asked.getCount() == 0;
    }

    /** How the wait that begins now is ended; null when it is over. Who was asked to end already finds that out himself. */
    synchronized void waiting(@Nullable Runnable current) {
        wakeUp = current;
    }

    /** Waits for a while, or until somebody asks. */
    void pause(long millis) {
        try {
            var unused = asked.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted before the end was reached", e);
        }
    }
}
