package io.g2cache.kafka;

import io.g2cache.GenerationEndedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the topic is still the one that was opened. Its history ends where another topic of the same name has taken its
 * place, which only the topic id tells, and where it has lost its end, which somebody must have seen. The latter is announced
 * in the log by a pin with the next number of truncations; every reader of the log meets it.
 *
 * <p>Concurrency: any thread; the first end that is seen stays.
 */
final class History implements RecordPump.Watch {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final TopicVerifier.Verified topic;
    private final PartitionPin pin;
    private final Supplier<CompletableFuture<LogOffsets.Identity>> identity;
    private final AtomicBoolean announcing = new AtomicBoolean();
    private volatile @Nullable String end;
    private volatile int warnedOfPartitions;

    /** Asks with the supplier which topic has the name now. */
    History(TopicVerifier.Verified topic, PartitionPin pin, Supplier<CompletableFuture<LogOffsets.Identity>> identity) {
        this.topic = topic;
        this.pin = pin;
        this.identity = identity;
        this.warnedOfPartitions = topic.partitions();
    }

    /** Throws where the history has ended. */
    @Override
    public void requireCurrent() {
        String reason = end;
        if (reason != null) {
            throw new GenerationEndedException(reason);
        }
    }

    @Override
    public int truncations() {
        return pin.truncations();
    }

    /** The brokers were asked which topic has the name now. */
    void isTopic(String topicId, int partitions) {
        if (!topicId.equals(topic.topicId())) {
            end("topic=" + topic.topic() + " was deleted and made anew: its id is " + topicId + ", opened was "
                    + topic.topicId());
            requireCurrent();
        }
        if (partitions > warnedOfPartitions) {
            warnedOfPartitions = partitions;
            LOG.warn(
                    "topic={} has partitions={} now, pinned={}: the added ones are ignored; more partitions need a new"
                            + " topic",
                    topic.topic(),
                    partitions,
                    pin.partitions());
        }
    }

    /** A marker was read. An older number that comes after a newer one was written by a node that had not heard of it. */
    @Override
    public void onMarker(Marker marker, long offset) {
        if (marker.kind() != Marker.Kind.PIN) {
            return;
        }
        if (marker.truncations() > pin.truncations()) {
            end("topic=" + topic.topic() + " was found truncated: the pin at offset=" + offset + " says truncations="
                    + marker.truncations() + ", opened was " + pin.truncations());
        } else if (marker.truncations() < pin.truncations()) {
            pin.repair(offset);
        }
    }

    /** A reader has seen that the log has lost its end. */
    @Override
    public void onTruncation(String evidence) {
        if (end == null && announcing.compareAndSet(false, true)) {
            LOG.error("topic={} was truncated: {}", topic.topic(), evidence);
            var unused = announce(evidence).whenComplete((done, failure) -> {
                announcing.set(false);
                if (failure != null) {
                    LOG.warn("topic={}: the truncation could not be announced", topic.topic(), failure);
                }
            });
        }
    }

    /**
     * Announces a truncation; completes when the log has it. A topic that was made anew looks like one that has lost its end, and
     * must not get a pin of the old one.
     */
    CompletableFuture<Void> announce(String evidence) {
        if (end != null) {
            return CompletableFuture.completedFuture(null);
        }
        return identity.get()
                .thenCompose(now -> {
                    isTopic(now.topicId(), now.partitions());
                    return pin.announceTruncation();
                })
                .thenAccept(offset -> end("topic=" + topic.topic() + " was truncated: " + evidence));
    }

    private synchronized void end(String reason) {
        if (end == null) {
            end = reason;
        }
    }
}
