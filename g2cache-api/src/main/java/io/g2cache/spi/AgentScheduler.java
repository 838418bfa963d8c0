package io.g2cache.spi;

import java.time.Duration;

/**
 * Drives a node's recurring work: by default each agent on a daemon thread of its own. A simulation drives the agents of
 * many nodes by hand, in an order of its choice. Thread-safe.
 */
@FunctionalInterface
public interface AgentScheduler {
    /** An agent under way. Thread-safe. */
    interface Running {
        /** Asks it to end after the cycle it is in. */
        void stop();

        /** Waits until it has ended and was closed, and interrupts it if it has not; returns whether it has. */
        boolean join(Duration timeout);
    }

    /**
     * Begins to call {@link Agent#doWork} over and over, one call at a time, until it is stopped, and then
     * {@link Agent#onClose()} once.
     *
     * @param idle pause after a cycle that found nothing to do
     */
    Running start(Agent agent, Duration idle);
}
