package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.AgentScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Shutdown shutdown = new Shutdown("n", new ManualTime());

    private AgentScheduler.Running agent(String name) {
        return new AgentScheduler.Running() {
            @Override
            public void stop() {
                seen.add("stop " + name);
            }

            @Override
            public boolean join(Duration timeout) {
                seen.add("join " + name);
                return true;
            }
        };
    }

    @Test
    void agentsEndFirstAndThenWhatWasOpenedTheLastFirst() {
        shutdown.add("log", () -> seen.add("log"));
        shutdown.add(agent("a"));
        shutdown.add("broken", () -> {
            throw new IllegalStateException("a test");
        });
        shutdown.add("caches", () -> seen.add("caches"));
        shutdown.add(agent("b"));
        shutdown.end(Duration.ofSeconds(20));
        assertThat(seen).containsExactly("stop a", "stop b", "join a", "join b", "caches", "log");
    }

    @Test
    void anAgentThatIsAddedAfterTheEndIsStoppedAtOnce() {
        shutdown.end(Duration.ofSeconds(20));
        shutdown.add(agent("late"));
        assertThat(seen).containsExactly("stop late");
    }
}
