package io.g2cache.internal;

import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what was started, also if it was only half started: agents, then what was opened, the last first. What fails to close
 * is logged and the rest goes on. A connection that takes longer than the time given is left to a daemon thread, which ends
 * with it.
 *
 * <p>Concurrency: any thread adds; one thread ends.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final String nodeId;
    private final TimeSource time;
    private final List<AgentScheduler.Running> agents = new CopyOnWriteArrayList<>();
    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private record Step(String name, Runnable close) {}

    Shutdown(String nodeId, TimeSource time) {
        this.nodeId = nodeId;
        this.time = time;
    }

    /** An agent to stop before anything is closed; at once where that has begun. */
    void add(AgentScheduler.Running agent) {
        agents.add(agent);
        if (ended) {
            agent.stop();
        }
    }

    /** An agent has ended by itself. */
    void remove(AgentScheduler.Running agent) {
        agents.remove(agent);
    }

    /** Something to close after the agents, and before what was added earlier. */
    void add(String name, Runnable close) {
        steps.add(0, new Step(name, close));
    }

    /** Ends everything, waiting at most this long. */
    void end(Duration timeout) {
        long deadline = time.monotonicNanos() + Durations.nanos(timeout);
        ended = true;
        agents.forEach(AgentScheduler.Running::stop);
        agents.forEach(agent -> agent.join(left(deadline)));
        Thread closer = new Thread(this::closeAll, "g2cache-close-" + nodeId);
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(Math.max(1, left(deadline).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closer.isAlive()) {
            LOG.warn("node={} still closes its connections after {}", nodeId, timeout);
        }
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - time.monotonicNanos()));
    }

    private void closeAll() {
        for (Step step : steps) {
            try {
                step.close.run();
            } catch (RuntimeException e) {
                LOG.warn("node={} failed to close {}", nodeId, step.name, e);
            }
        }
    }
}
