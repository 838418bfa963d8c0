package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.codec.Codecs;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every command on a log that a real node has written, and on topics that are none. */
@Timeout(180)
@Tag("slow")
class LogCommandIT {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private static final String NAMESPACE =
            "cli-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String TOPIC = "g2cache-" + NAMESPACE;
    private static final int CITIES = 20;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @BeforeAll
    static void writeALog() throws Exception {
        Cli.Result created = on(NAMESPACE, "create", "--partitions", "3", "--replication-factor", "1")
                .ok();
        assertThat(created.out()).contains("created topic=" + TOPIC + ", partitions=3, replicationFactor=1");
        try (G2Node node = G2Node.builder()
                .namespace(NAMESPACE)
                .out(new MemoryOut(new MemoryOut.Store()))
                .sync(KafkaSync.builder()
                        .bootstrapServers(BROKER.bootstrapServers())
                        .build())
                .build()) {
            G2Cache<String, String> cities = node.cache(CacheSpec.builder("cities", Codecs.string(), Codecs.string())
                    .publish(PublishMode.VALUE)
                    .build());
            for (int i = 0; i < CITIES; i++) {
                cities.put("city-" + i, "value of " + i);
            }
            cities.put("city-0", "newer");
            cities.invalidate("city-1");
            cities.clear();
            G2Cache<Long, Long> counts = node.cache(CacheSpec.builder("counts", Codecs.int64(), Codecs.int64())
                    .publish(PublishMode.VALUE)
                    .build());
            counts.put(42L, 4_200L);
            appendForeignRecord(TOPIC);
            await().atMost(LIMIT).untilAsserted(() -> {
                JsonNode report = on(NAMESPACE, "describe", "--json").json();
                assertThat(report.at("/materialisers/0/members")).hasSize(1);
                report.at("/materialisers/0/progress")
                        .forEach(progress ->
                                assertThat(progress.get("lag").asLong()).isZero());
            });
        }
    }

    private static void appendForeignRecord(String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] key = "\u001b[31mforeign".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, 0, key, key)).get(20, TimeUnit.SECONDS);
        }
    }

    private static Cli.Result on(String namespace, String command, String... options) {
        return Cli.run(arguments(namespace, command, options));
    }

    private static String[] arguments(String namespace, String command, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "-b", BROKER.bootstrapServers(), "--namespace", namespace));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    private static List<JsonNode> tail(String... options) {
        List<String> all = new ArrayList<>(List.of("--json", "--no-follow"));
        all.addAll(List.of(options));
        return on(NAMESPACE, "tail", all.toArray(String[]::new)).jsonLines();
    }

    private static long count(List<JsonNode> lines, String kind) {
        return lines.stream()
                .filter(line -> line.get("kind").asText().equals(kind))
                .count();
    }

    @Test
    void tailDecodesEveryKind() {
        List<JsonNode> lines = tail("--from-beginning");
        assertThat(count(lines, "PUT")).isEqualTo(CITIES + 2);
        assertThat(count(lines, "INVALIDATE")).isOne();
        assertThat(count(lines, "CLEAR")).isEqualTo(3);
        assertThat(count(lines, "MARKER")).isEqualTo(2);
        assertThat(count(lines, "PROBE")).isPositive();
        assertThat(count(lines, "UNREADABLE")).isOne();
        JsonNode put = tail("--from-beginning", "--key", "city-7", "--values").get(0);
        assertThat(put.get("cache").asText()).isEqualTo("cities");
        assertThat(put.get("codec").asText()).isEqualTo("string");
        assertThat(put.get("value").asText()).isEqualTo("value of 7");
        assertThat(put.get("valueBytes").asInt()).isEqualTo("value of 7".length());
        assertThat(Instant.parse(put.get("hardDeadline").asText()))
                .isAfter(Instant.parse(put.get("softDeadline").asText()));
        assertThat(tail("--from-beginning", "--kind", "unreadable")
                        .get(0)
                        .get("detail")
                        .asText())
                .isEqualTo("reason: record key not readable");
    }

    @Test
    void tailPrintsLinesForPeople() {
        String out = on(NAMESPACE, "tail", "--no-follow", "--from-beginning", "--cache", "cities", "--values")
                .ok()
                .out();
        assertThat(out.lines().filter(line -> line.contains(" PUT ")))
                .hasSize(CITIES + 1)
                .allSatisfy(line -> assertThat(line)
                        .matches("[0-2]:\\d+ \\S+Z PUT cache=cities key=city-\\d+ origin=\\S+ soft=\\S+ hard=\\S+"
                                + " codec=string value=\\d+B (value of \\d+|newer)"));
        assertThat(out).contains("INVALIDATE cache=cities key=city-1 ");
    }

    @Test
    void tailFilters() {
        assertThat(tail("--from-beginning", "--cache", "counts", "--key", "42", "--key-codec", "long"))
                .singleElement()
                .satisfies(line -> assertThat(line.get("key").asText()).isEqualTo("42"));
        assertThat(tail("--from-beginning", "--cache", "counts", "--key", "43", "--key-codec", "long"))
                .isEmpty();
        assertThat(tail("--from-beginning", "--key", "city-0")).hasSize(2);
        List<JsonNode> all = tail("--from-beginning");
        String origin =
                tail("--from-beginning", "--kind", "PUT").get(0).get("origin").asText();
        assertThat(tail("--from-beginning", "--origin", origin.substring(0, 8), "--kind", "PUT"))
                .hasSize(CITIES + 2);
        assertThat(tail("--from-beginning", "--origin", "nobody")).isEmpty();
        assertThat(tail("--from-beginning", "--partition", "1"))
                .hasSize((int) all.stream()
                        .filter(line -> line.get("partition").asInt() == 1)
                        .count())
                .allSatisfy(line -> assertThat(line.get("partition").asInt()).isOne());
        assertThat(tail("--offset", "1:2").get(0).get("offset").asLong()).isEqualTo(2);
        assertThat(tail("--from-beginning", "--max", "3")).hasSize(3);
        assertThat(tail()).isEmpty();
    }

    @Test
    void tailChoosesByTime() {
        List<JsonNode> all = tail("--from-beginning");
        assertThat(tail("--since", "2h")).hasSameSizeAs(all);
        assertThat(tail("--since", Instant.now().plusSeconds(3600).toString())).isEmpty();
        assertThat(tail("--from-beginning", "--until", "2h")).isEmpty();
        String middle =
                tail("--from-beginning", "--cache", "counts").get(0).get("time").asText();
        assertThat(tail("--since", middle).size()
                        + tail("--from-beginning", "--until", middle).size())
                .isEqualTo(all.size());
    }

    @Test
    void tailFollowsUntilItIsStopped() throws Exception {
        String namespace = NAMESPACE + "-follow";
        on(namespace, "create", "--partitions", "1").ok();
        Stop stop = new Stop();
        CompletableFuture<Cli.Result> following = CompletableFuture.supplyAsync(
                () -> Cli.run(stop, arguments(namespace, "tail", "--json", "--max", "2")));
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            appendForeignRecord("g2cache-" + namespace);
            return following.isDone();
        });
        assertThat(following.get(20, TimeUnit.SECONDS).jsonLines()).hasSize(2);
        CompletableFuture<Cli.Result> stopped =
                CompletableFuture.supplyAsync(() -> Cli.run(stop, arguments(NAMESPACE, "tail")));
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(stopped).isNotDone();
        stop.request();
        assertThat(stopped.get(20, TimeUnit.SECONDS).ok().out()).isEmpty();
    }

    @Test
    void tailEndsWhereTheTopicIsAnotherOne() throws Exception {
        String namespace = NAMESPACE + "-again";
        on(namespace, "create", "--partitions", "1").ok();
        StringWriter out = new StringWriter();
        CompletableFuture<Cli.Result> following =
                CompletableFuture.supplyAsync(() -> Cli.run(out, new Stop(), arguments(namespace, "tail")));
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            appendForeignRecord("g2cache-" + namespace);
            return out.toString().contains("UNREADABLE");
        });
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            admin.deleteTopics(List.of("g2cache-" + namespace)).all().get(20, TimeUnit.SECONDS);
        }
        await().atMost(LIMIT)
                .until(() -> on(namespace, "create", "--partitions", "1").status() == 0);
        Cli.Result ended = following.get(60, TimeUnit.SECONDS);
        assertThat(ended.status()).isOne();
        assertThat(ended.err()).contains("topic=g2cache-" + namespace + " was deleted and created anew");
    }

    @Test
    void describeShowsTheTopic() {
        JsonNode report = on(NAMESPACE, "describe", "--json").json();
        assertThat(report.get("topic").asText()).isEqualTo(TOPIC);
        assertThat(report.get("pinnedPartitions").asInt()).isEqualTo(3);
        assertThat(report.get("generation").asText())
                .isEqualTo(report.get("topicId").asText() + "-3-0");
        assertThat(report.get("settings"))
                .hasSize(7)
                .allSatisfy(setting -> assertThat(setting.get("ok").asBoolean()).isTrue());
        long records = 0;
        for (JsonNode partition : report.get("partitions")) {
            records += partition.get("end").asLong() - partition.get("start").asLong();
            assertThat(partition.get("bytes").asLong()).isPositive();
            assertThat(partition.get("inSync")).hasSize(1);
        }
        assertThat(records).isEqualTo(tail("--from-beginning").size());
        assertThat(report.get("notes")).isEmpty();
        String text = on(NAMESPACE, "describe").ok().out();
        assertThat(text).contains("pinned: 3").contains("retention.ms").contains("materialiser lag=0");
        assertThat(Cli.run("describe", "-b", BROKER.bootstrapServers(), "--topic", TOPIC, "--json")
                        .json()
                        .get("materialisers"))
                .hasSize(1);
    }

    @Test
    void describeJudgesTheSettings() throws Exception {
        String namespace = NAMESPACE + "-wrong";
        on(namespace, "create", "--partitions", "1").ok();
        alter("g2cache-" + namespace, "retention.ms", "1000");
        await().atMost(LIMIT).until(() -> on(namespace, "describe").status() == 1);
        Cli.Result text = on(namespace, "describe");
        assertThat(text.out())
                .contains("WRONG, needed: at least 608460000")
                .contains("kafka-configs.sh --bootstrap-server " + BROKER.bootstrapServers())
                .contains("not pinned yet");
        Cli.Result again = on(namespace, "create");
        assertThat(again.status()).isOne();
        assertThat(again.err())
                .contains("retention.ms=1000, needed: ")
                .contains("--add-config 'retention.ms=608460000'");
    }

    private static void alter(String topic, String setting, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            AlterConfigOp change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void createSaysWhatItFinds() throws Exception {
        assertThat(on(NAMESPACE, "create").ok().out()).contains("nothing to do").contains("partitions=3");
        assertThat(on(NAMESPACE, "create", "--json").json().get("created").asBoolean())
                .isFalse();
        on(NAMESPACE, "create", "--partitions", "5").failed(1, "exists with partitions=3, wanted=5");
        String missing = NAMESPACE + "-dry";
        assertThat(on(missing, "create", "--dry-run", "--partitions", "4", "--maximum-lifetime", "2h")
                        .ok()
                        .out())
                .startsWith("kafka-topics.sh --bootstrap-server")
                .contains("--topic g2cache-" + missing + " --partitions 4")
                .contains("--config retention.ms=10860000");
        on(missing, "describe").failed(1, "topic=g2cache-" + missing + " does not exist");
    }

    @Test
    void describeTellsIgnoredPartitions() throws Exception {
        String namespace = NAMESPACE + "-more";
        G2Node.builder()
                .namespace(namespace)
                .sync(KafkaSync.builder()
                        .bootstrapServers(BROKER.bootstrapServers())
                        .partitions(1)
                        .build())
                .build()
                .close();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            admin.createPartitions(Map.of("g2cache-" + namespace, NewPartitions.increaseTo(2)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(on(namespace, "describe").ok().out()).contains("nodes ignore those from 1 on"));
    }

    @Test
    void replaySumsUpAndAppliesNothing(@TempDir Path directory) throws Exception {
        List<JsonNode> all = tail("--from-beginning");
        JsonNode summary = on(NAMESPACE, "replay", "--json").json();
        assertThat(summary.get("dryRun").asBoolean()).isTrue();
        assertThat(summary.get("records").asInt()).isEqualTo(all.size());
        assertThat(summary.get("unreadable").asInt()).isOne();
        Path file = directory.resolve("dump.jsonl");
        Cli.Result text = on(NAMESPACE, "replay", "--to-file", file.toString(), "--progress")
                .ok();
        assertThat(text.out()).contains("A dry run: nothing was applied.").contains("unreadable: 1");
        assertThat(text.err()).contains("] 100 %  ").contains("done in");
        assertThat(Files.readAllLines(file)).hasSameSizeAs(all).allSatisfy(Cli::parsed);
        on(NAMESPACE, "replay", "--to-file", file.toString()).failed(1, "--to-file=" + file + " exists already");
    }

    @Test
    void statsCountWhatIsSuperseded() {
        JsonNode stats = on(NAMESPACE, "stats", "--json").json();
        for (JsonNode group : stats.get("groups")) {
            if (group.get("cache").asText().equals("cities")
                    && group.get("kind").asText().equals("PUT")) {
                assertThat(group.get("records").asInt()).isEqualTo(CITIES + 1);
                assertThat(group.get("superseded").asInt()).isEqualTo(2);
                assertThat(group.get("keys").asInt()).isEqualTo(CITIES - 1);
            }
        }
        assertThat(stats.at("/largestValues/0/bytes").asInt()).isEqualTo("value of 10".length());
        long recent = 0;
        for (JsonNode minute : stats.get("perMinute")) {
            recent += minute.get("records").asLong();
        }
        assertThat(recent).isEqualTo(stats.get("records").asLong());
        assertThat(on(NAMESPACE, "stats", "--key-limit", "3").ok().out()).contains("limit of keys reached, keyLimit=3");
    }

    @Test
    void whatCannotWorkIsOneLine() throws Exception {
        on(NAMESPACE + "-missing", "tail").failed(1, "topic=" + TOPIC + "-missing does not exist");
        on(NAMESPACE, "tail", "--partition", "9").failed(1, "partition=9", "partitions=3");
        on(NAMESPACE, "tail", "--offset", "0:999999").failed(1, "offset=999999", "partition=0");
        Cli.run("tail", "-b", "127.0.0.1:1", "-n", NAMESPACE, "--timeout", "500ms")
                .failed(1, "bootstrapServers=127.0.0.1:1");
        Cli.run("stats", "-b", "no.such.host.invalid:9092", "-n", NAMESPACE, "--timeout", "500ms")
                .failed(1, "no.such.host.invalid:9092");
        String foreign = "foreign-" + NAMESPACE;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(foreign, 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            appendForeignRecord(foreign);
            return true;
        });
        for (String command : List.of("describe", "tail", "replay", "stats")) {
            Cli.run(command, "-b", BROKER.bootstrapServers(), "--topic", foreign)
                    .failed(1, "topic=" + foreign + " is no g2cache log");
        }
    }
}
