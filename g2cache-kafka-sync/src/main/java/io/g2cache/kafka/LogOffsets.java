package io.g2cache.kafka;

import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers for offsets, without blocking. Thread-safe. */
final class LogOffsets {
    private final Admin admin;
    private final String topic;
    private final int partitions;
    private final Duration timeout;

    LogOffsets(Admin admin, String topic, int partitions, Duration timeout) {
        this.admin = admin;
        this.topic = topic;
        this.partitions = partitions;
        this.timeout = timeout;
    }

    /**
     * Which topic has the name.
     *
     * @param topicId its id
     * @param partitions how many it has now
     */
    record Identity(String topicId, int partitions) {}

    /** Which topic has the name now. */
    CompletableFuture<Identity> identity() {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) timeout.toMillis());
        return AdminCalls.future(
                        "describing topic=" + topic,
                        "Describe on topic " + topic,
                        timeout,
                        admin.describeTopics(List.of(topic), options).allTopicNames())
                .thenApply(found -> {
                    TopicDescription description = found.get(topic);
                    if (description == null) {
                        throw new IllegalStateException("no description in the answer, topic=" + topic);
                    }
                    return new Identity(
                            description.topicId().toString(),
                            description.partitions().size());
                });
    }

    CompletableFuture<LogPosition> start() {
        return offsets(OffsetSpec.earliest()).thenApply(this::position);
    }

    CompletableFuture<LogPosition> end() {
        return offsets(OffsetSpec.latest()).thenApply(this::position);
    }

    /** Offset of the first record of each partition that is not older than the time, or the end where there is none. */
    CompletableFuture<LogPosition> since(long wallMillis) {
        return end().thenCombine(offsets(OffsetSpec.forTimestamp(wallMillis)), (end, found) -> {
            LogPosition since = position(found);
            long[] offsets = new long[partitions];
            for (int p = 0; p < partitions; p++) {
                offsets[p] = since.offset(p) < 0 ? end.offset(p) : since.offset(p);
            }
            return LogPosition.of(offsets);
        });
    }

    /**
     * What the group has committed, or the start of the partition where it has not, or where retention has deleted events
     * that it had not come to: those can only concern entries that have expired.
     */
    CompletableFuture<LogPosition> committed(String group) {
        ListConsumerGroupOffsetsOptions options =
                new ListConsumerGroupOffsetsOptions().timeoutMs((int) timeout.toMillis());
        CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> commits = AdminCalls.future(
                "asking for the commits of group=" + group,
                null,
                timeout,
                admin.listConsumerGroupOffsets(group, options).partitionsToOffsetAndMetadata());
        return commits.thenCombine(offsets(OffsetSpec.earliest()), (committed, earliest) -> {
            long[] offsets = new long[partitions];
            for (int p = 0; p < partitions; p++) {
                TopicPartition partition = new TopicPartition(topic, p);
                OffsetAndMetadata commit = committed.get(partition);
                long start = offset(earliest, partition);
                offsets[p] = commit != null ? Math.max(commit.offset(), start) : start;
            }
            return LogPosition.of(offsets);
        });
    }

    private CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            wanted.put(new TopicPartition(topic, p), spec);
        }
        ListOffsetsOptions options = new ListOffsetsOptions().timeoutMs((int) timeout.toMillis());
        return AdminCalls.future(
                "asking for offsets of topic=" + topic,
                "Describe on topic " + topic,
                timeout,
                admin.listOffsets(wanted, options).all());
    }

    private LogPosition position(Map<TopicPartition, ListOffsetsResultInfo> found) {
        long[] offsets = new long[partitions];
        for (int p = 0; p < partitions; p++) {
            offsets[p] = offset(found, new TopicPartition(topic, p));
        }
        return LogPosition.of(offsets);
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> found, TopicPartition partition) {
        ListOffsetsResultInfo info = found.get(partition);
        if (info == null) {
            throw new IllegalStateException("no offset in the answer, partition=" + partition);
        }
        return info.offset();
    }
}
