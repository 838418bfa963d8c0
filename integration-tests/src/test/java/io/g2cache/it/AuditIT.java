package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hazelcast.core.DistributedObject;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.map.IMap;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.audit.AuditedKey;
import io.g2cache.audit.server.AuditServer;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.crypto.KeyRing;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/g2cache audit} as a user runs it, on two nodes with all modules. */
@Tag("slow")
@Timeout(180)
class AuditIT {
    private static final int DIFFERENCES = 3;
    private static final int KEYS = 300;
    private static final String TOKEN = "0123456789abcdef";

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @TempDir
    private Path directory;

    /** How the command ended, and what it printed. */
    private record Result(int status, String out, String err) {
        JsonNode json() {
            assertThat(out).as(err).startsWith("{");
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new AssertionError(out, e);
            }
        }
    }

    private Process start(Rig rig, List<AuditServer> servers, String... options) throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<String> command = new ArrayList<>();
        // SIGINT is ignored in what a shell starts in the background, as a build may be: set it back.
        command.addAll(List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV or die $!"));
        command.addAll(List.of(root.resolve("bin").resolve("g2cache").toString(), "audit"));
        command.addAll(List.of("-b", BROKER.bootstrapServers(), "-n", rig.namespace()));
        servers.forEach(server -> command.addAll(List.of("--node", "127.0.0.1:" + server.port())));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_OPTS");
        return builder.start();
    }

    private Result end(Process process) throws Exception {
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(
                process.exitValue(),
                Files.readString(directory.resolve("output")),
                Files.readString(directory.resolve("errors")));
    }

    private Result audit(Rig rig, List<AuditServer> servers, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--json", "--for", "2s"));
        all.addAll(List.of(options));
        return end(start(rig, servers, all.toArray(String[]::new)));
    }

    @Test
    void findsNothingUnderWritesAndThenAnEntryThatCameBack() throws Exception {
        try (Rig rig = Rig.full(BROKER.bootstrapServers())) {
            List<G2Node> nodes = List.of(start(rig), start(rig));
            List<AuditServer> servers =
                    nodes.stream().map(node -> AuditServer.of(node).start()).toList();
            try {
                underWrites(rig, nodes, servers);
                bringsBack(rig, nodes, servers);
            } finally {
                servers.forEach(AuditServer::close);
            }
        }
    }

    private static byte[] secret() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 7);
        return secret;
    }

    private static CacheSpec<String, String> hidden() {
        return Rig.text("hidden")
                .publish(PublishMode.VALUE)
                .encryption(Encryption.aesGcm(new KeyRing(EncryptionKeys.of("first", secret()))))
                .hashKeys(KeyHasher.hmacSha256(secret()))
                .build();
    }

    @Test
    void secretsAreComparedByVersionAndASignalEndsItWithWhatItFound() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        try (Rig rig = Rig.full(BROKER.bootstrapServers())) {
            List<G2Node> nodes = List.of(start(rig), start(rig));
            List<AuditServer> servers = nodes.stream()
                    .map(node -> AuditServer.of(node).token(TOKEN).start())
                    .toList();
            try {
                secretsAreComparedByVersion(rig, nodes, servers, token);
                for (Map.Entry<String, Integer> signal :
                        Map.of("INT", 130, "TERM", 143).entrySet()) {
                    endsWith(signal.getKey(), signal.getValue(), rig, servers, token);
                }
            } finally {
                servers.forEach(AuditServer::close);
            }
        }
    }

    private void secretsAreComparedByVersion(Rig rig, List<G2Node> nodes, List<AuditServer> servers, Path token)
            throws Exception {
        G2Cache<String, String> cache = nodes.get(0).cache(hidden());
        G2Cache<String, String> other = nodes.get(1).cache(hidden());
        cache.put("ulm", "first value");
        IMap<Object, Object> map = map(rig.namespace(), "hidden");
        byte[] hash = nodes.get(0).audit().publishedKey("hidden", "ulm".getBytes(StandardCharsets.UTF_8));
        Object first = Objects.requireNonNull(map.get(hash));
        nodes.get(1).awaitToken(cache.put("ulm", "second value"), Duration.ofSeconds(20));
        assertThat(other.get("ulm")).isEqualTo("second value");

        Result refused = audit(rig, servers, "--cache", "hidden");
        assertThat(refused.status()).as(refused.err()).isEqualTo(1);
        assertThat(refused.err()).contains("not allowed");

        String[] one = {"--for", "2s", "--token-file", token.toString(), "--cache", "hidden", "--key", "ulm"};
        Result text = end(start(rig, servers, one));
        assertThat(text.status()).as(text.out() + text.err()).isZero();
        assertThat(text.out())
                .contains("differences: 0 of 1 keys", "compared by version and deadlines, not by value: 1 keys")
                .contains(nodes.get(0).id(), "READY");
        for (G2Node node : nodes) {
            AuditedKey seen = look(node, "hidden", "ulm");
            assertThat(Objects.requireNonNull(seen.local()).hash()).isEmpty();
            assertThat(Objects.requireNonNull(seen.out()).hash()).isEmpty();
        }

        Awaitility.await().until(() -> end(start(rig, servers, one)).status() == 0);
        map.set(hash, first);
        Result found = end(start(rig, servers, one));
        assertThat(found.status())
                .as(() -> found.out() + found.err() + look(nodes.get(0), "hidden", "ulm") + " "
                        + look(nodes.get(1), "hidden", "ulm"))
                .isEqualTo(DIFFERENCES);
        assertThat(found.out()).contains("stale", "differences: 1 of 1 keys").doesNotContain("first value");
        assertThat(found.err()).contains("watching what looks wrong");
    }

    private void endsWith(String signal, int status, Rig rig, List<AuditServer> servers, Path token) throws Exception {
        Process process = start(rig, servers, "--json", "--for", "30m", "--token-file", token.toString());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(process.isAlive()).isTrue();
            return Files.readString(directory.resolve("errors")).contains("watching");
        });
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Result result = end(process);
        assertThat(result.status()).as(result.err()).isEqualTo(status);
        assertThat(result.json().get("interrupted").asBoolean()).isTrue();
        assertThat(result.json().get("compared").asInt()).isPositive();
        assertThat(result.json().get("differences").asInt()).isZero();
        assertThat(result.json().get("found").get(0).get("wrong").asText()).isEqualTo("stale");
    }

    private static G2Node start(Rig rig) {
        return rig.start(rig.builder().auditKeysPerSecond(20));
    }

    private void underWrites(Rig rig, List<G2Node> nodes, List<AuditServer> servers) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (G2Node node : nodes) {
                G2Cache<String, String> cache = node.cache(Rig.text("busy").build());
                writers.add(threads.submit(() -> write(cache, new Random(writers.size()), enough)));
            }
            Result result = audit(rig, servers, "--sample", "400");
            assertThat(result.json().get("found")).isEmpty();
            assertThat(result.json().get("keys").asInt()).isGreaterThan(KEYS / 2);
            assertThat(result.status()).isZero();
            enough.set(true);
            for (Future<?> writer : writers) {
                writer.get(30, TimeUnit.SECONDS);
            }
        } finally {
            enough.set(true);
            threads.shutdownNow();
        }
        for (G2Node node : nodes) {
            var busy = node.caches().stream()
                    .filter(cache -> cache.name().equals("busy"))
                    .findFirst()
                    .orElseThrow();
            assertThat(busy.stats().counter("audit_checked")).isPositive();
        }
        rig.assertAudited();
    }

    private static void write(G2Cache<String, String> cache, Random random, AtomicBoolean enough) {
        for (int i = 0; !enough.get(); i++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = key + "=" + i;
            switch (random.nextInt(8)) {
                case 0 -> cache.put(key, value);
                case 1 -> cache.invalidate(key);
                default -> cache.get(key, k -> value);
            }
        }
    }

    private void bringsBack(Rig rig, List<G2Node> nodes, List<AuditServer> servers) throws Exception {
        G2Cache<String, String> cache = nodes.get(0).cache(Rig.text("single").build());
        nodes.get(1).cache(Rig.text("single").build());
        cache.put("ulm", "old");
        IMap<Object, Object> map = map(rig.namespace(), "single");
        byte[] place = "ulm".getBytes(StandardCharsets.UTF_8);
        Object old = Objects.requireNonNull(map.get(place));
        WriteToken token = cache.put("ulm", "new");
        nodes.get(1).awaitToken(token, Duration.ofSeconds(20));
        Awaitility.await()
                .until(() ->
                        audit(rig, servers, "--cache", "single", "--key", "ulm").status() == 0);
        map.set(place, old);
        Result result = audit(rig, servers, "--cache", "single", "--key", "ulm");
        assertThat(result.status())
                .as(() -> result.json() + " " + look(nodes.get(0), "single", "ulm") + " "
                        + look(nodes.get(1), "single", "ulm"))
                .isEqualTo(DIFFERENCES);
        JsonNode found = result.json().get("found").get(0);
        assertThat(found.get("key").asText()).isEqualTo("ulm");
        assertThat(found.get("tier").asText()).isEqualTo("out");
        assertThat(found.get("wrong").asText()).isEqualTo("stale");
        assertThat(found.get("forMillis").asLong()).isGreaterThanOrEqualTo(2_000);
        assertThat(found.get("held").get("version").asLong())
                .isLessThan(found.get("version").asLong());
        assertThat(result.json().toString()).doesNotContain("\"old\"");
    }

    private static AuditedKey look(G2Node node, String cache, String key) {
        byte[] published = node.audit().publishedKey(cache, key.getBytes(StandardCharsets.UTF_8));
        return node.audit().look(cache, published).join();
    }

    private static IMap<Object, Object> map(String namespace, String cache) throws IOException {
        for (var instance : Hazelcast.getAllHazelcastInstances()) {
            for (DistributedObject object : instance.getDistributedObjects()) {
                if (object.getName().startsWith("g2cache:" + namespace + ":" + cache + ":")) {
                    return instance.getMap(object.getName());
                }
            }
        }
        throw new IOException("no map of namespace=" + namespace);
    }
}
