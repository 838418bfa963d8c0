package io.g2cache.kafka;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import java.util.Map;

/** Notes below which offset a handler has taken everything, and only then. Used by the thread that polls. */
record Positions(LogHandler handler, Map<Integer, Long> taken) implements LogHandler {
    @Override
    public void onEvent(int partition, long offset, Event event) {
        handler.onEvent(partition, offset, event);
        taken.put(partition, offset + 1);
    }

    @Override
    public void onPosition(int partition, long next) {
        handler.onPosition(partition, next);
        taken.put(partition, next);
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        handler.onGap(partition, next, reason);
        taken.put(partition, next);
    }
}
