package io.g2cache.internal;

import io.g2cache.spi.Agent;
import io.g2cache.spi.LogReader;
import java.time.Duration;

/** Hands the log's events to the applier. Driven by one thread. */
final class TailAgent implements Agent {
    private final LogReader reader;
    private final EventApplier applier;

    TailAgent(LogReader reader, EventApplier applier) {
        this.reader = reader;
        this.applier = applier;
    }

    @Override
    public String name() {
        return "tailer";
    }

    @Override
    public int doWork(Duration maxWait) {
        return reader.poll(maxWait, applier);
    }

    @Override
    public void wakeUp() {
        reader.wakeUp();
    }

    @Override
    public void onClose() {
        reader.close();
    }
}
