package io.g2cache.example.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.NodeState;
import io.g2cache.kafka.cli.ProgressBar;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;

/** Shows how far a node is on its way to the log's end: events done, to do, their rate, the time left. Used by one thread. */
final class CatchUpLine {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final long PAUSE_MILLIS = 100;
    private static final int BAR_WIDTH = 64;

    private final String node;
    private final Console console;
    private long nextMillis = TimeSource.SYSTEM.monotonicMillis();

    CatchUpLine(String node, Console console) {
        this.node = node;
        this.console = console;
    }

    /** Asks the node a few times a second, and shows what it tells. */
    void look(NodeClient client) {
        long now = TimeSource.SYSTEM.monotonicMillis();
        if (now < nextMillis) {
            return;
        }
        nextMillis = now + PAUSE_MILLIS;
        try {
            JsonNode statics = client.statics(TIMEOUT);
            if (NodeState.CATCHING_UP.name().equals(statics.path("state").asText())) {
                console.progress(text(node, statics.path("catchUp")));
            }
        } catch (IOException e) {
            // it does not serve yet
            return;
        }
    }

    /** Shows how far it was at the end. */
    void end(JsonNode statics) {
        console.progressEnds(text(node, statics.path("catchUp")));
    }

    /** One line, of the figures that a node tells. */
    static String text(String node, JsonNode catchUp) {
        long done = catchUp.path("eventsDone").asLong();
        long total = done + catchUp.path("eventsToDo").asLong();
        Duration elapsed = Duration.ofMillis(catchUp.path("elapsedMillis").asLong());
        return node + "  catching up, events: " + ProgressBar.line(done, total, elapsed, BAR_WIDTH);
    }
}
