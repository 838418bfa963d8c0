package io.g2cache.testkit;

import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import java.util.HashMap;
import java.util.Map;

/**
 * The reference log: lists of events on the heap. The providers of one {@link Broker} are nodes of one deployment.
 *
 * <p>Thread-safe. It has no threads: futures are complete when they are returned, and a poll that is given no time does not
 * wait, so that one thread can drive many nodes.
 */
public final class MemoryLog implements SyncLogProvider {
    private final Broker broker;

    /** A node of the given broker. */
    public MemoryLog(Broker broker) {
        this.broker = broker;
    }

    /** Holds the topics, one for each namespace. Thread-safe. */
    public static final class Broker {
        private final int partitions;
        private final Map<String, MemoryTopic> topics = new HashMap<>();

        /** A broker whose topics have the given number of partitions, at least 1. */
        public Broker(int partitions) {
            if (partitions < 1) {
                throw new IllegalArgumentException("partitions=" + partitions + " must be at least 1");
            }
            this.partitions = partitions;
        }

        synchronized MemoryTopic topic(String namespace) {
            return topics.computeIfAbsent(namespace, n -> new MemoryTopic("memory-" + topics.size(), partitions));
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public SyncLog open(LogContext context) {
        return new MemorySyncLog(broker.topic(context.namespace()), context);
    }
}
