package io.g2cache.it;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.KafkaFuture;

/** What Kafka tells of the materialisers of a deployment. */
final class MaterialiserGroup implements AutoCloseable {
    private final Admin admin;
    private final String id;

    MaterialiserGroup(String bootstrapServers, String namespace, String generation) {
        this.admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers));
        this.id = "g2cache-" + namespace + "-" + generation + "-materialiser";
    }

    private static <T> T get(KafkaFuture<T> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    /** The partitions of each member, by the name of its client. */
    Map<String, Set<Integer>> shares() throws Exception {
        Map<String, Set<Integer>> shares = new HashMap<>();
        for (MemberDescription member : get(admin.describeConsumerGroups(List.of(id))
                        .describedGroups()
                        .get(id))
                .members()) {
            Set<Integer> share = shares.computeIfAbsent(member.clientId(), name -> new TreeSet<>());
            member.assignment().topicPartitions().forEach(partition -> share.add(partition.partition()));
        }
        return shares;
    }

    /** Whether exactly these members have all partitions, each of them some. */
    boolean isShared(String... names) throws Exception {
        Map<String, Set<Integer>> shares = shares();
        int shared = shares.values().stream().mapToInt(Set::size).sum();
        return shares.keySet().equals(Set.of(names))
                && shared == Rig.PARTITIONS
                && shares.values().stream().noneMatch(Set::isEmpty);
    }

    /** The next offset of each partition that was committed. */
    Map<Integer, Long> committed() throws Exception {
        Map<Integer, Long> committed = new HashMap<>();
        get(admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition.partition(), offset.offset()));
        return committed;
    }

    @Override
    public void close() {
        admin.close();
    }
}
