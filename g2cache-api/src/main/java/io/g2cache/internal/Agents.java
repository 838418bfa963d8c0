package io.g2cache.internal;

import io.g2cache.spi.Agent;
import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Starts a node's recurring work, on the user's scheduler or on threads of its own, and notes it for the end. Thread-safe. */
final class Agents {
    private static final Duration NO_IDLE = Duration.ofMillis(1);

    private final @Nullable AgentScheduler users;
    private final String nodeId;
    private final TimeSource time;
    private final Shutdown shutdown;
    private @Nullable Timer timer;

    Agents(@Nullable AgentScheduler users, String nodeId, TimeSource time, Shutdown shutdown) {
        this.users = users;
        this.nodeId = nodeId;
        this.time = time;
        this.shutdown = shutdown;
    }

    /** Runs an agent that waits for its work itself, until the node ends. */
    void run(Agent agent) {
        run(agent, NO_IDLE);
    }

    /** Runs an agent until the node ends. */
    void run(Agent agent, Duration idle) {
        shutdown.add(started(agent, idle));
    }

    /** The timer of this node, started at first use. */
    synchronized Timer timer() {
        Timer running = timer;
        if (running == null) {
            running = new Timer(time);
            timer = running;
            run(running);
        }
        return running;
    }

    /** Runs an agent until it has done what there is to do, or the node ends, or what is returned is run, which does not wait. */
    Runnable runUntil(Agent agent, BooleanSupplier over) {
        Ending ending = new Ending(agent, over);
        AgentScheduler.Running running = started(ending, NO_IDLE);
        shutdown.add(running);
        ending.running = running;
        return () -> end(running);
    }

    private void end(AgentScheduler.Running running) {
        running.stop();
        shutdown.remove(running);
    }

    private AgentScheduler.Running started(Agent agent, Duration idle) {
        if (users != null) {
            return users.start(agent, idle);
        }
        AgentRunner runner = new AgentRunner(agent, idle, nodeId, time);
        runner.start();
        return runner;
    }

    /** Stops itself after the cycle in which its work came to an end. */
    private final class Ending implements Agent {
        private final Agent agent;
        private final BooleanSupplier over;
        private volatile AgentScheduler.@Nullable Running running;

        Ending(Agent agent, BooleanSupplier over) {
            this.agent = agent;
            this.over = over;
        }

        @Override
        public String name() {
            return agent.name();
        }

        @Override
        public int doWork(Duration maxWait) {
            AgentScheduler.Running self = running;
            if (over.getAsBoolean() && self != null) {
                end(self);
                return 0;
            }
            return agent.doWork(maxWait);
        }

        @Override
        public void wakeUp() {
            agent.wakeUp();
        }

        @Override
        public void onClose() {
            agent.onClose();
        }
    }
}
