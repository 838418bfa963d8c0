package io.g2cache.bench;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Topics as plain consumers read them: all partitions, from the first record on, in no group. Stateless. */
public final class WholeTopic {
    private WholeTopic() {}

    /**
     * Lets a consumer read a topic from its beginning. Does not block.
     *
     * @param partitions how many the topic has
     */
    public static void assign(Consumer<?, ?> consumer, String topic, int partitions) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }
}
