package io.g2cache.internal;

import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a node, also one that was only half started: calls, agents, then what was opened, the last first, then threads. What fails to close is logged and the rest goes on. A
 * connection that takes longer than the time given is left to a daemon thread, which ends with it.
 *
 * <p>Not thread-safe; the node's lifecycle lets one caller in.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final String nodeId;
    private final Workers workers;
    private final TimeSource time;
    private final List<AgentScheduler.Running> agents = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private record Step(String name, Runnable close) {}

    Shutdown(String nodeId, Workers workers, TimeSource time) {
        this.nodeId = nodeId;
        this.workers = workers;
        this.time = time;
    }

    /** An agent to stop, after the calls have ended. */
    void add(AgentScheduler.Running agent) {
        agents.add(agent);
    }

    /** Something to close after the agents, and before what was added earlier. */
    void add(String name, Runnable close) {
        steps.add(0, new Step(name, close));
    }

    /** Ends a node whose calls have to end first. */
    void run(Lifecycle lifecycle, Duration timeout) {
        long deadline = time.monotonicNanos() + Durations.nanos(timeout);
        int left = lifecycle.awaitIdle(timeout);
        if (left > 0) {
            LOG.warn("node={} closes with {} calls still under way after {}", nodeId, left, timeout);
        }
        end(deadline, timeout);
    }

    /** Ends a node that nobody has called yet. */
    void abandon(Duration timeout) {
        end(time.monotonicNanos() + Durations.nanos(timeout), timeout);
    }

    private void end(long deadline, Duration timeout) {
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
        workers.close(left(deadline));
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
