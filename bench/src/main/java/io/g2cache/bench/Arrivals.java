package io.g2cache.bench;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Hands arrivals from the reader's thread to the writer's. Thread-safe. */
final class Arrivals {
    private static final long LIMIT_SECONDS = 10;

    private final Semaphore arrived = new Semaphore(0);

    /** An item has arrived. */
    void one() {
        arrived.release();
    }

    /**
     * Waits for one item.
     *
     * @throws IllegalStateException if none comes in time
     */
    void await() throws InterruptedException {
        if (!arrived.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nothing arrived within seconds=" + LIMIT_SECONDS);
        }
    }
}
