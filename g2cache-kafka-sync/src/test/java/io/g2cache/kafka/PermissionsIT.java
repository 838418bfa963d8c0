package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.PublishMode;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.kafka.KafkaAcls;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole node on a broker that allows what it must, and nothing else. */
@Tag("slow")
@Timeout(240)
class PermissionsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PATTERN_OPTION = "--resource-pattern-type";
    private static final String USER = "node";
    private static final CacheSpec<String, String> SPEC = CacheSpec.builder("c", Codecs.string(), Codecs.string())
            .publish(PublishMode.VALUE)
            .build();

    private static KafkaBroker broker;
    private static KafkaAcls acls;

    private final MemoryOut.Store store = new MemoryOut.Store();
    private final String namespace = Logs.namespace();
    private final String topic = "g2cache-" + namespace;
    private final AclBinding read = onTopic(AclOperation.READ);
    private final AclBinding write = onTopic(AclOperation.WRITE);
    private final AclBinding describeConfigs = onTopic(AclOperation.DESCRIBE_CONFIGS);
    private final AclBinding groups =
            KafkaAcls.permission(USER, ResourceType.GROUP, topic + "-", PatternType.PREFIXED, AclOperation.READ);
    private final List<AclBinding> least = List.of(read, write, describeConfigs, groups);

    @BeforeAll
    static void start() {
        broker = KafkaBroker.builder().user(USER, "right").start();
        acls = new KafkaAcls(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        acls.close();
        broker.close();
    }

    @AfterEach
    void allowNothing() {
        acls.removeAll();
    }

    private AclBinding onTopic(AclOperation operation) {
        return KafkaAcls.permission(USER, ResourceType.TOPIC, topic, PatternType.LITERAL, operation);
    }

    private void createTopic() {
        KafkaSyncBuilder everythingAllowed =
                KafkaSync.builder().bootstrapServers(broker.bootstrapServers()).partitions(2);
        node(everythingAllowed).build().close();
    }

    private KafkaSyncBuilder secured() {
        return KafkaSync.builder()
                .bootstrapServers(broker.securedBootstrapServers())
                .properties(broker.clientProperties(USER, "right"))
                .partitions(2)
                .createTopic(false);
    }

    private G2NodeBuilder node(KafkaSyncBuilder log) {
        return G2Node.builder().namespace(namespace).sync(log.build());
    }

    private G2Node nodeWithOutTier() {
        return node(secured()).out(new MemoryOut(store)).build();
    }

    private static void writesAndTails(G2Node node) {
        G2Cache<String, String> cache = node.cache(SPEC);
        node.awaitToken(cache.put("k", "v"), SOON);
        assertThat(cache.get("k")).isEqualTo("v");
    }

    private static void materialises(G2Node node) {
        G2Cache<String, String> cache = node.cache(SPEC);
        long before = cache.stats().counter("event_materialised");
        cache.put("m", "v");
        Awaitility.await().atMost(SOON).until(() -> cache.stats().counter("event_materialised") > before);
    }

    @Test
    void theCommandsOfTheDocumentationAreEnoughAndAreTheLeast() throws Exception {
        createTopic();
        List<List<AclBinding>> commands = documented();
        assertThat(commands).hasSize(3);
        assertThat(commands.subList(0, 2).stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(least);
        acls.allow(commands.get(0));
        acls.allow(commands.get(1));
        try (G2Node node = nodeWithOutTier()) {
            writesAndTails(node);
            materialises(node);
        }
        least.forEach(acls::remove);
        assertThatThrownBy(this::nodeWithOutTier).hasMessageContaining("needs the ACL: Describe on topic " + topic);
    }

    /** What the commands of docs/security.md allow, for this namespace and user: the permissions of each command. */
    private List<List<AclBinding>> documented() throws IOException {
        Path page = Path.of("..", "docs", "security.md");
        return Files.readAllLines(page, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("kafka-acls.sh "))
                .map(line -> permissions(line.replace("User:g2cache", "User:" + USER)
                        .replace("g2cache-shop", topic)
                        .split(" ")))
                .toList();
    }

    private static List<AclBinding> permissions(String[] command) {
        List<AclOperation> operations = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < command.length; i++) {
            switch (command[i]) {
                case "--add" -> options.put(command[i], "");
                case "--operation" -> operations.add(SecurityUtils.operation(command[++i]));
                default -> options.put(command[i], command[++i]);
            }
        }
        boolean ofGroup = options.containsKey("--group");
        assertThat(options.keySet())
                .isSubsetOf("--bootstrap-server", "--add", "--allow-principal", "--topic", "--group", PATTERN_OPTION)
                .contains("--bootstrap-server", "--add", ofGroup ? "--group" : "--topic");
        assertThat(options).containsEntry("--allow-principal", "User:" + USER);
        PatternType pattern = PatternType.fromString(
                options.getOrDefault(PATTERN_OPTION, "literal").toUpperCase(Locale.ROOT));
        return operations.stream()
                .map(operation -> KafkaAcls.permission(
                        USER,
                        ofGroup ? ResourceType.GROUP : ResourceType.TOPIC,
                        options.get(ofGroup ? "--group" : "--topic"),
                        pattern,
                        operation))
                .toList();
    }

    @Test
    void withoutOneOfThemTheStartFailsAndSaysWhichIsMissing() {
        createTopic();
        acls.allow(least);
        List<String> named = List.of(
                "Read on topic " + topic,
                "Write on topic " + topic,
                "DescribeConfigs on topic " + topic,
                "Read on group " + topic + "-");
        for (int i = 0; i < least.size(); i++) {
            acls.remove(least.get(i));
            assertThatThrownBy(this::nodeWithOutTier)
                    .isInstanceOfSatisfying(
                            SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED))
                    .hasMessageContaining("needs the ACL: " + named.get(i))
                    .hasMessageNotContaining("right");
            acls.allow(List.of(least.get(i)));
        }
    }

    @Test
    void withoutAnOutTierGroupsAreNotNeeded() {
        createTopic();
        acls.allow(List.of(read, write, describeConfigs));
        try (G2Node node = node(secured()).build()) {
            writesAndTails(node);
            Awaitility.await().atMost(SOON).until(() -> node.status().lagEvents() == 0);
        }
    }

    @Test
    void aNodeThatMayCreateTheTopicNeedsOnePermissionMore() throws Exception {
        acls.allow(least);
        assertThatThrownBy(this::nodeWithOutTier)
                .hasMessageContaining("does not exist")
                .hasMessageContaining("kafka-topics.sh")
                .hasMessageContaining("--topic " + topic);
        KafkaSyncBuilder creating = secured().createTopic(true).replicationFactor(1);
        assertThatThrownBy(() -> node(creating).build())
                .hasMessageContaining("needs the ACL: Create on topic " + topic);
        acls.allow(documented().get(2));
        try (G2Node node = node(creating).build()) {
            writesAndTails(node);
        }
    }

    @Test
    void permissionsThatAreTakenAndGivenBackNeedNoRestart() {
        createTopic();
        acls.allow(least);
        try (G2Node node = nodeWithOutTier()) {
            G2Cache<String, String> cache = node.cache(SPEC);
            writesAndTails(node);
            acls.remove(write);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> cache.put("k", "w"))
                        .isInstanceOfSatisfying(
                                SyncLogException.class,
                                e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED))
                        .hasMessageContaining("needs the ACL: Write on topic " + topic);
            }
            assertThat(cache.get("k")).isEqualTo("v");
            acls.allow(List.of(write));
            writesAndTails(node);
            for (AclBinding taken : List.of(read, groups)) {
                acls.remove(taken);
                cache.put("x", "y");
                acls.allow(List.of(taken));
                writesAndTails(node);
                materialises(node);
            }
        }
    }
}
