package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the partition count that was pinned when the topic was first used, or pins it.
 *
 * <p>All nodes must agree, also those that start at once on a new topic while somebody adds partitions. A node that finds no
 * pin appends a claim with the count that it sees and reads partition 0 again: the first claim in the log decides, for the
 * log has one order, and each node then appends a pin that says so. Claims have record keys of their own, so that compaction
 * never removes the first; pins share one, and all say the same.
 *
 * <p>Retention removes pins too. Therefore every node appends the pin again when a quarter of the retention has passed, at
 * a moment when it asks for the log's end anyway. Where the newest pin lies is noted as a commit of a group without members:
 * a hint that saves reading a long partition, and may be lost.
 *
 * <p>A pin of more partitions than the topic has was not written by a node, since partitions are never taken away. It decides
 * nothing where another pin is left, and is answered by one that is right; where compaction has left no other, what was pinned
 * is not known any more, and guessing would part the nodes.
 *
 * <p>{@link #find()} is called once, by one thread; {@link #renewWhereDue()} by any.
 */
final class PartitionPin {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionPin.class);
    private static final int RENEWALS_IN_RETENTION = 4;

    private final Admin admin;
    private final Appender appender;
    private final EventCodec codec;
    private final KafkaSyncConfig config;
    private final LogContext context;
    private final TopicVerifier.Verified topic;
    private final MarkerScan scan;
    private final PinSearch search;
    private final TopicPartition partition;
    private final AtomicLong renewedMillis = new AtomicLong();
    private final AtomicLong newestOffset = new AtomicLong(-1);
    private final AtomicBoolean repairing = new AtomicBoolean();
    private volatile int pinned;
    private volatile int truncations;

    PartitionPin(
            Admin admin,
            Appender appender,
            EventCodec codec,
            ClientConfigs clients,
            KafkaSyncConfig config,
            LogContext context,
            TopicVerifier.Verified topic) {
        this.admin = admin;
        this.appender = appender;
        this.codec = codec;
        this.config = config;
        this.context = context;
        this.topic = topic;
        this.partition = new TopicPartition(topic.topic(), 0);
        this.scan = new MarkerScan(clients, codec, partition, topic.partitions(), config.openTimeout());
        this.search = new PinSearch(scan, this::hint);
    }

    /**
     * The pinned count.
     *
     * @throws SyncLogException if the log cannot be read or written in time, or its only pin is impossible
     */
    int find() {
        PinSearch.Result result = search.search();
        MarkerScan.Found found = result.found();
        if (result.read() && found.pin() != 0) {
            note(found.pinOffset());
        }
        inspect(found);
        if (found.pin() == 0 && found.claim() == 0) {
            append(new Marker(Marker.Kind.CLAIM, topic.partitions(), 0));
            found = scan.all();
        }
        int count = found.pin() != 0 ? found.pin() : found.claim();
        if (count < 1 || count > topic.partitions()) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    "topic=" + topic.topic() + " has partitions=" + topic.partitions() + ", but pinned=" + count);
        }
        if (count < topic.partitions()) {
            LOG.warn(
                    "topic={} has partitions={}, pinned={}: the added ones are ignored; more partitions need a new topic",
                    topic.topic(),
                    topic.partitions(),
                    count);
        }
        pinned = count;
        truncations = found.truncations();
        newestOffset.set(found.pinOffset());
        renewedMillis.set(context.time().monotonicMillis());
        if (found.pin() == 0 || found.forgedOffset() > found.pinOffset() || isOld(found)) {
            note(append(new Marker(Marker.Kind.PIN, count, truncations)));
        }
        return count;
    }

    private void inspect(MarkerScan.Found found) {
        Marker forged = found.forged();
        if (forged == null) {
            return;
        }
        String what = "topic=" + topic.topic() + " has partitions=" + topic.partitions() + ", but the pin at offset="
                + found.forgedOffset() + " of partition=0 names partitions=" + forged.partitions()
                + ", which no node has written";
        if (found.pin() == 0) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    what + "; no other pin is left, so a running node has to write one, or a new topic is needed");
        }
        LOG.error("{}; it is ignored for the pin at offset={} of partitions={}", what, found.pinOffset(), found.pin());
    }

    private boolean isOld(MarkerScan.Found found) {
        return topic.retentionMillis() >= 0 && context.time().wallMillis() - found.pinMillis() > renewalMillis();
    }

    private long renewalMillis() {
        return topic.retentionMillis() / RENEWALS_IN_RETENTION;
    }

    /** Appends the pin again, without waiting, where a quarter of the retention has passed since this node last did. */
    void renewWhereDue() {
        long now = context.time().monotonicMillis();
        long before = renewedMillis.get();
        if (topic.retentionMillis() < 0
                || now - before < renewalMillis()
                || !renewedMillis.compareAndSet(before, now)) {
            return;
        }
        var unused = appendPin(truncations).whenComplete((offset, thrown) -> {
            if (thrown != null) {
                LOG.warn("the pinned partition count was not renewed, topic={}", topic.topic(), thrown);
                renewedMillis.compareAndSet(now, before);
            }
        });
    }

    /** The pinned count, once it was found. */
    int partitions() {
        return pinned;
    }

    /** How often the topic was found truncated, once the pin was found. */
    int truncations() {
        return truncations;
    }

    /**
     * Appends a pin with the next number of truncations; completes with its offset. This log stays what it was: whoever opens
     * it again finds the new number.
     */
    CompletableFuture<Long> announceTruncation() {
        return appendPin(truncations + 1);
    }

    /** Appends the pin again, without waiting, where a wrong one was read that is newer than the newest known. */
    void repair(long outdatedOffset) {
        if (outdatedOffset > newestOffset.get() && repairing.compareAndSet(false, true)) {
            var unused = appendPin(truncations).whenComplete((offset, thrown) -> {
                repairing.set(false);
                if (thrown != null) {
                    LOG.warn("a wrong pin was not corrected, topic={}", topic.topic(), thrown);
                }
            });
        }
    }

    private CompletableFuture<Long> appendPin(int ofTruncations) {
        return appender.append(0, codec.encode(new Marker(Marker.Kind.PIN, pinned, ofTruncations), context.nodeId()))
                .whenComplete((offset, thrown) -> {
                    if (thrown == null) {
                        newestOffset.accumulateAndGet(offset, Math::max);
                        note(offset);
                    }
                });
    }

    private long append(Marker marker) {
        CompletableFuture<Long> appended = appender.append(0, codec.encode(marker, context.nodeId()));
        Duration deadline = config.deliveryTimeout().multipliedBy(2);
        try {
            return appended.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw AdminCalls.failure("appending marker=" + marker, null, e);
        } catch (TimeoutException e) {
            throw new SyncLogException(Outcome.UNKNOWN, "appending marker=" + marker + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.UNKNOWN, "appending marker=" + marker + " was interrupted", e);
        }
    }

    private String group() {
        return "g2cache-" + context.namespace() + "-" + topic.topicId() + "-pin";
    }

    private @Nullable Long hint() {
        try {
            OffsetAndMetadata noted = AdminCalls.await(
                            "reading the hint of group=" + group(),
                            config.requestTimeout(),
                            admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata())
                    .get(partition);
            return noted == null ? null : noted.offset();
        } catch (ExecutionException | SyncLogException e) {
            LOG.info("no hint where the pinned partition count lies, reading the log: {}", e.getMessage());
            return null;
        }
    }

    /** Writes the hint; not waited for, since losing it costs a longer start only. */
    private void note(long offset) {
        CompletableFuture<Void> unused = AdminCalls.future(
                        "writing the hint of group=" + group(),
                        null,
                        config.requestTimeout(),
                        admin.alterConsumerGroupOffsets(group(), Map.of(partition, new OffsetAndMetadata(offset)))
                                .all())
                .whenComplete((ignored, thrown) -> {
                    if (thrown != null) {
                        LOG.info("the hint where the pinned partition count lies was not written", thrown);
                    }
                });
    }
}
