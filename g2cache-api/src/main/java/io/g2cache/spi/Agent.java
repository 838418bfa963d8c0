package io.g2cache.spi;

import java.time.Duration;

/**
 * A piece of a node's recurring work as a duty cycle, apart from the thread that drives it (after the agents of Agrona).
 * Not thread-safe but for {@link #wakeUp}; a simulation may call {@link #doWork} with no wait.
 */
public interface Agent {
    /** Name for the thread and the log. */
    String name();

    /**
     * Does what there is to do. What it throws is no reason to stop: the next cycle goes on where this one failed.
     *
     * @param maxWait how long it may wait for work to arrive
     * @return how much was done; 0 if there was nothing, or so little that who drives it may pause before the next cycle
     */
    int doWork(Duration maxWait);

    /** Makes a waiting {@link #doWork} return soon. Thread-safe. */
    void wakeUp();

    /** Releases what the agent holds; called by the thread that drives it, after its last cycle. */
    void onClose();
}
