package io.g2cache.example.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.example.node.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Prints one line a node every few seconds. Its thread is the ticker's; {@link #close} stops it. */
final class StatusPrinter implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final Console console;
    private final Ticker ticker = new Ticker("status");

    StatusPrinter(Cluster cluster, Console console) {
        this.cluster = cluster;
        this.console = console;
    }

    /** Starts printing, after each pause. */
    void every(Duration pause) {
        ticker.every(pause, this::print);
    }

    private void print() {
        for (NodeProcess node : cluster.nodes()) {
            String line;
            if (!node.isAlive()) {
                line = "down";
            } else {
                try {
                    line = format(node.client().statics(TIMEOUT));
                } catch (IOException e) {
                    line = "starting";
                }
            }
            if (!Thread.currentThread().isInterrupted()) {
                console.line("%s  %s", node.name(), line);
            }
        }
    }

    private static String format(JsonNode statics) {
        return String.format(
                Locale.ROOT,
                "%-11s %,6d gets/s  local %5.1f %%  out %5.1f %%  source %5.1f %%  p50 %,6d us  p99 %,6d us"
                        + "  events %,6d  lag %,d (%,d ms)  audit %,d of %,d",
                statics.path("state").asText(),
                Math.round(statics.path("getsPerSecond").asDouble()),
                100 * statics.path("localHitRate").asDouble(),
                100 * statics.path("outHitRate").asDouble(),
                100 * statics.path("sourceRate").asDouble(),
                Math.round(statics.path("p50Micros").asDouble()),
                Math.round(statics.path("p99Micros").asDouble()),
                statics.path("eventsApplied").asLong(),
                statics.path("lagEvents").asLong(),
                statics.path("lagMillis").asLong(),
                statics.path("auditDifferences").asLong(),
                statics.path("auditChecked").asLong());
    }

    @Override
    public void close() {
        ticker.close();
    }
}
