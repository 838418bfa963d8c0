package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Asks everything about a topic. Used once, by one thread. */
final class TopicReporter {
    private static final String MATERIALISER = "-materialiser";

    private final Admin admin;
    private final ClientConfigs clients;
    private final EventCodec codec;
    private final KafkaSyncConfig config;
    private final LogContext context;
    private final TopicVerifier verifier;
    private final LogTopic log;
    private final List<String> notes = new ArrayList<>();

    TopicReporter(
            Admin admin,
            ClientConfigs clients,
            EventCodec codec,
            KafkaSyncConfig config,
            LogContext context,
            TopicVerifier verifier,
            LogTopic log) {
        this.admin = admin;
        this.clients = clients;
        this.codec = codec;
        this.config = config;
        this.context = context;
        this.verifier = verifier;
        this.log = log;
    }

    TopicReport report() {
        TopicDescription description = log.description();
        String topicId = description.topicId().toString();
        int replicas = TopicVerifier.replicas(description);
        TopicNeeds needs = TopicNeeds.of(context);
        Map<String, String> actual = verifier.settings();
        List<TopicNeeds.Problem> problems = needs.problems(actual, replicas);
        List<String> groups = groups(topicId);
        Pinned pinned = pinned(topicId, description.partitions().size(), groups);
        return new TopicReport(
                log.name(),
                topicId,
                pinned == null ? null : pinned.generation(),
                pinned == null ? null : (Integer) pinned.partitions(),
                settings(needs.settings(replicas), actual, problems),
                problems.isEmpty() ? null : verifier.alterCommand(problems),
                partitions(description),
                materialisers(groups),
                List.copyOf(notes));
    }

    private static List<TopicReport.Setting> settings(
            Map<String, String> needed, Map<String, String> actual, List<TopicNeeds.Problem> problems) {
        Map<String, String> wrong =
                problems.stream().collect(Collectors.toMap(TopicNeeds.Problem::setting, TopicNeeds.Problem::needed));
        return needed.keySet().stream()
                .map(name -> new TopicReport.Setting(name, actual.getOrDefault(name, ""), wrong.get(name)))
                .toList();
    }

    private List<TopicReport.Partition> partitions(TopicDescription description) {
        int count = description.partitions().size();
        LogPosition start = log.startOffsets(count);
        LogPosition end = log.endOffsets(count);
        Map<Integer, Long> sizes = sizes(description);
        List<TopicReport.Partition> partitions = new ArrayList<>();
        for (TopicPartitionInfo info : description.partitions()) {
            int p = info.partition();
            partitions.add(new TopicReport.Partition(
                    p,
                    info.leader() == null ? -1 : info.leader().id(),
                    ids(info.replicas()),
                    ids(info.isr()),
                    start.offset(p),
                    end.offset(p),
                    sizes.getOrDefault(p, -1L)));
        }
        return partitions;
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    /** Bytes on the disk of each partition's leader. */
    private Map<Integer, Long> sizes(TopicDescription description) {
        Map<Integer, Integer> leaders = new TreeMap<>();
        for (TopicPartitionInfo info : description.partitions()) {
            if (info.leader() != null) {
                leaders.put(info.partition(), info.leader().id());
            }
        }
        Map<Integer, Map<String, LogDirDescription>> found = ask(
                "asking for sizes on disk",
                () -> admin.describeLogDirs(new TreeSet<>(leaders.values())).allDescriptions());
        Map<Integer, Long> sizes = new TreeMap<>();
        if (found != null) {
            leaders.forEach((p, leader) -> {
                TopicPartition partition = new TopicPartition(log.name(), p);
                found.getOrDefault(leader, Map.of()).values().forEach(directory -> {
                    if (directory.replicaInfos().containsKey(partition)) {
                        sizes.put(p, directory.replicaInfos().get(partition).size());
                    }
                });
            });
        }
        return sizes;
    }

    /** Ids of the groups that belong to this topic: they contain its id. */
    private List<String> groups(String topicId) {
        Iterable<GroupListing> found =
                ask("listing the groups", () -> admin.listGroups().all());
        List<String> groups = new ArrayList<>();
        if (found != null) {
            found.forEach(group -> {
                if (group.groupId().contains("-" + topicId + "-")) {
                    groups.add(group.groupId());
                }
            });
        }
        groups.sort(null);
        return groups;
    }

    /** What is pinned, or claimed as long as it is not; null where nothing is, or that is not known. */
    private @Nullable Pinned pinned(String topicId, int partitions, List<String> groups) {
        TopicPartition first = new TopicPartition(log.name(), 0);
        MarkerScan scan = new MarkerScan(clients, codec, first, partitions, config.openTimeout());
        try {
            MarkerScan.Found found = new PinSearch(scan, () -> hint(first, topicId, groups))
                    .search()
                    .found();
            Marker forged = found.forged();
            if (forged != null) {
                notes.add("the pin at offset=" + found.forgedOffset() + " names partitions=" + forged.partitions()
                        + " of " + partitions + ": no node has written it");
            }
            int count = found.pin() != 0 || forged != null ? found.pin() : found.claim();
            return count == 0 ? null : new Pinned(count, KafkaSyncLog.generation(topicId, count, found.truncations()));
        } catch (SyncLogException | KafkaException e) {
            notes.add("the pinned partition count is not known: " + e.getMessage());
            return null;
        }
    }

    /** A pinned count, and the generation that it makes. */
    private record Pinned(int partitions, String generation) {}

    private @Nullable Long hint(TopicPartition first, String topicId, List<String> groups) {
        for (String group : groups) {
            if (group.endsWith("-" + topicId + "-pin")) {
                return commits(group).get(first.partition());
            }
        }
        return null;
    }

    private List<TopicReport.Materialiser> materialisers(List<String> groups) {
        List<String> wanted =
                groups.stream().filter(group -> group.endsWith(MATERIALISER)).toList();
        List<TopicReport.Materialiser> found = new ArrayList<>();
        for (String group : wanted) {
            Map<String, ConsumerGroupDescription> described = ask(
                    "describing group=" + group,
                    () -> admin.describeConsumerGroups(List.of(group)).all());
            ConsumerGroupDescription description = described == null ? null : described.get(group);
            if (description != null) {
                found.add(new TopicReport.Materialiser(
                        group,
                        description.groupState().toString(),
                        description.members().stream()
                                .map(TopicReporter::member)
                                .toList(),
                        commits(group)));
            }
        }
        return found;
    }

    private static TopicReport.Member member(MemberDescription member) {
        return new TopicReport.Member(
                member.clientId(),
                member.host(),
                member.assignment().topicPartitions().stream()
                        .map(TopicPartition::partition)
                        .sorted()
                        .toList());
    }

    private Map<Integer, Long> commits(String group) {
        Map<TopicPartition, OffsetAndMetadata> found = ask(
                "asking for the commits of group=" + group,
                () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<Integer, Long> commits = new TreeMap<>();
        if (found != null) {
            found.forEach((partition, commit) -> {
                if (commit != null && partition.topic().equals(log.name())) {
                    commits.put(partition.partition(), commit.offset());
                }
            });
        }
        return commits;
    }

    /** The answer to a question that the report can do without; null with a note where there is none. */
    private <T> @Nullable T ask(String what, Question<T> question) {
        try {
            return AdminCalls.await(what, config.requestTimeout(), question.ask());
        } catch (ExecutionException e) {
            notes.add(AdminCalls.failure(what, null, e).getMessage());
        } catch (SyncLogException | KafkaException e) {
            notes.add(what + ": " + e.getMessage());
        }
        return null;
    }

    /** A question to the brokers. */
    private interface Question<T> {
        KafkaFuture<T> ask();
    }
}
