package io.g2cache.internal;

import io.g2cache.GenerationEndedException;
import io.g2cache.spi.Agent;
import io.g2cache.spi.LogReader;
import java.time.Duration;

/** Hands the log's events to the applier. Driven by one thread. */
final class TailAgent implements Agent {
    private final LogReader reader;
    private final EventApplier applier;
    private final GenerationEnd generation;

    TailAgent(LogReader reader, EventApplier applier, GenerationEnd generation) {
        this.reader = reader;
        this.applier = applier;
        this.generation = generation;
    }

    @Override
    public String name() {
        return "tailer";
    }

    @Override
    public int doWork(Duration maxWait) {
        try {
            return generation.hasEnded() ? 0 : reader.poll(maxWait, applier);
        } catch (GenerationEndedException e) {
            generation.inspect(e);
            return 0;
        }
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
