package io.g2cache.kafka;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the brokers tell about a log's topic. Immutable.
 *
 * @param topic its name
 * @param topicId its id
 * @param generation the generation that nodes work in; null as long as the partition count is not pinned, or not known
 * @param pinned the pinned partition count; null likewise
 * @param settings the settings that the protocol rests on
 * @param repair the command that mends what is not as needed; null where everything is
 * @param partitions the partitions, in order; those from the pinned count on are ignored by nodes
 * @param materialisers the consumer groups that bring the out tier up to date, one a generation
 * @param notes what could not be found out, and why
 */
public record TopicReport(
        String topic,
        String topicId,
        @Nullable String generation,
        @Nullable Integer pinned,
        List<Setting> settings,
        @Nullable String repair,
        List<Partition> partitions,
        List<Materialiser> materialisers,
        List<String> notes) {

    /**
     * A setting of the topic.
     *
     * @param name its name
     * @param value its value
     * @param problem what is needed instead; null where it is right
     */
    public record Setting(
            String name, String value, @Nullable String problem) {}

    /**
     * A partition of the topic.
     *
     * @param partition its number
     * @param leader the broker that leads it; -1 for none
     * @param replicas the brokers that have a copy
     * @param inSync those whose copy is complete
     * @param start first offset held
     * @param end next offset to be written
     * @param bytes size on the leader's disk; -1 where it is not known
     */
    public record Partition(
            int partition,
            int leader,
            List<Integer> replicas,
            List<Integer> inSync,
            long start,
            long end,
            long bytes) {}

    /**
     * A consumer group of materialisers.
     *
     * @param group its id
     * @param state what the coordinator says of it
     * @param members its members
     * @param committed next offset to be applied to the out tier, by partition; a partition without a commit is missing
     */
    public record Materialiser(String group, String state, List<Member> members, Map<Integer, Long> committed) {
        /** How far a partition's commit is behind its end; all of it where nothing has been committed. */
        public long lag(Partition partition) {
            long next = committed.getOrDefault(partition.partition(), partition.start());
            return Math.max(0, partition.end() - Math.max(next, partition.start()));
        }
    }

    /**
     * A member of a group.
     *
     * @param clientId what it calls itself
     * @param host where it is
     * @param partitions what it materialises
     */
    public record Member(String clientId, String host, List<Integer> partitions) {}
}
