package io.g2cache.testkit;

import io.g2cache.spi.Event;
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

    /** Hears of appends. */
    @FunctionalInterface
    public interface AppendListener {
        /** The log has taken an event. */
        void appended(int partition, long offset, Event event);
    }

    /** Holds the topics, one for each namespace. Thread-safe. */
    public static final class Broker {
        private final int partitions;
        private final Map<String, MemoryTopic> topics = new HashMap<>();
        private volatile AppendListener listener = (partition, offset, event) -> {};
        private int made;

        /** A broker whose topics have the given number of partitions, at least 1. */
        public Broker(int partitions) {
            if (partitions < 1) {
                throw new IllegalArgumentException("partitions=" + partitions + " must be at least 1");
            }
            this.partitions = partitions;
        }

        synchronized MemoryTopic topic(String namespace) {
            return topics.computeIfAbsent(
                    namespace,
                    n -> new MemoryTopic(
                            "memory-" + made++,
                            partitions,
                            (partition, offset, event) -> listener.appended(partition, offset, event)));
        }

        /** Tells somebody of every append from now on, whoever makes it, in its thread and before its writer hears. */
        public void watch(AppendListener value) {
            listener = value;
        }

        /** Deletes a namespace's topic; whoever opens it next makes a new one. */
        public synchronized void recreate(String namespace) {
            MemoryTopic topic = topics.remove(namespace);
            if (topic != null) {
                topic.delete();
            }
        }

        /** Loses the newest events of a partition, from an offset on, as an unclean election does. */
        public void truncate(String namespace, int partition, long end) {
            topic(namespace).truncate(partition, end);
        }

        /** Deletes the events of a partition below an offset, as a retention does that is too short. */
        public void deleteBelow(String namespace, int partition, long start) {
            topic(namespace).deleteBelow(partition, start);
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
