package io.g2cache.testkit;

import io.g2cache.spi.Agent;
import io.g2cache.spi.AgentScheduler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's agents until a test drives them, one cycle at a time, without waiting.
 *
 * <p>Concurrency: the monitor of this object guards the agents and is held during a cycle, so that one thread at a time
 * drives.
 */
public final class ManualAgents implements AgentScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(ManualAgents.class);

    private final Map<String, Agent> agents = new LinkedHashMap<>();

    /** Starts without agents. */
    public ManualAgents() {}

    @Override
    public synchronized Running start(Agent agent, Duration idle) {
        agents.put(agent.name(), agent);
        return new Running() {
            @Override
            public void stop() {
                end(agent);
            }

            @Override
            public boolean join(Duration timeout) {
                return true;
            }
        };
    }

    /** Names of the agents under way. */
    public synchronized List<String> names() {
        return List.copyOf(agents.keySet());
    }

    /**
     * Runs one cycle of an agent. As with a thread of its own, a cycle that throws is logged and tried again later.
     *
     * @return how much was done; 0 if there was nothing to do, the cycle failed, or there is no such agent
     */
    public synchronized int cycle(String name) {
        Agent agent = agents.get(name);
        if (agent == null) {
            return 0;
        }
        try {
            return agent.doWork(Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.debug("agent={} failed", name, e);
            return 0;
        }
    }

    /** Runs one cycle of each agent; returns how much was done. */
    public int cycleAll() {
        return names().stream().mapToInt(this::cycle).sum();
    }

    /** Ends all agents where they stand, as the death of their process does. */
    public synchronized void kill() {
        List.copyOf(agents.values()).forEach(this::end);
    }

    private synchronized void end(Agent agent) {
        if (agents.remove(agent.name(), agent)) {
            agent.onClose();
        }
    }
}
