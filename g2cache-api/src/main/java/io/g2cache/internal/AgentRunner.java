package io.g2cache.internal;

import io.g2cache.spi.Agent;
import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one agent on a daemon thread of its own. A cycle that throws is logged and tried again after a pause.
 *
 * <p>Concurrency: any thread starts and stops; only the own thread drives.
 */
final class AgentRunner implements AgentScheduler.Running {
    private static final Logger LOG = LoggerFactory.getLogger(AgentRunner.class);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Agent agent;
    private final Duration idle;
    private final Thread thread;
    private final LimitedLog failures;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /**
     * Creates a runner.
     *
     * @param idle pause after a cycle that found nothing to do
     */
    AgentRunner(Agent agent, Duration idle, String nodeId, TimeSource time) {
        this.agent = agent;
        this.idle = idle;
        this.failures = new LimitedLog(LOG, time);
        this.thread = new Thread(this::run, "g2cache-" + agent.name() + "-" + nodeId);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        agent.wakeUp();
    }

    @Override
    public boolean join(Duration timeout) {
        if (thread == Thread.currentThread()) {
            return false;
        }
        try {
            thread.join(Math.max(1, timeout.toMillis()));
            if (thread.isAlive()) {
                LOG.warn("thread={} did not end within {} and is interrupted", thread.getName(), timeout);
                thread.interrupt();
                thread.join(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void run() {
        try {
            while (stopping.getCount() > 0) {
                Duration pause = cycle();
                if (!pause.isZero()) {
                    pause(pause);
                }
            }
        } finally {
            try {
                agent.onClose();
            } catch (RuntimeException e) {
                LOG.warn("agent={} failed to close", agent.name(), e);
            }
        }
    }

    private Duration cycle() {
        try {
            return agent.doWork(WAIT) == 0 ? idle : Duration.ZERO;
        } catch (Throwable e) {
            if (stopping.getCount() > 0) {
                failures.warn("agent=" + agent.name() + " failed and is tried again", e);
            }
            return PAUSE;
        }
    }

    private void pause(Duration pause) {
        try {
            var unused = stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }
}
