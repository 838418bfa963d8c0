package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.kafka.KafkaAcls;
import io.g2cache.testkit.kafka.KafkaBroker;
import io.g2cache.testkit.kafka.TestCertificate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and passwords: what is wrong is named, and nothing secret is. */
@Timeout(240)
@Tag("slow")
class SecuredLogIT {
    private static final String RIGHT = "rightSecret1";
    private static final String WRONG = "wrongSecret2";
    private static final String STORE_SECRET = "storeSecret3";
    private static final String NAMESPACE = Logs.namespace();

    @TempDir
    static Path directory;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.builder().user("node", RIGHT).start();
        try (KafkaAcls acls = new KafkaAcls(broker.bootstrapServers())) {
            acls.allow(List.of(
                    KafkaAcls.permission(
                            "node", ResourceType.TOPIC, "g2cache-", PatternType.PREFIXED, AclOperation.ALL),
                    KafkaAcls.permission(
                            "node", ResourceType.GROUP, "g2cache-", PatternType.PREFIXED, AclOperation.READ)));
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaSync secured(String password, Map<String, String> changed) {
        return KafkaSync.builder()
                .bootstrapServers(broker.securedBootstrapServers())
                .properties(broker.clientProperties("node", password))
                .properties(changed)
                .partitions(2)
                .replicationFactor(1)
                .requestTimeout(Duration.ofSeconds(3))
                .build();
    }

    @Test
    void aLogWorksOverTlsWithAPassword() throws Exception {
        try (SyncLog log = secured(RIGHT, Map.of()).open(Logs.context(NAMESPACE));
                LogReader tail = log.tail(LogPosition.all(2, 0))) {
            long offset = Logs.get(log.append(1, Logs.invalidate("k")));
            Logs.Seen seen = new Logs.Seen();
            while (seen.events.isEmpty()) {
                tail.poll(Duration.ofMillis(100), seen);
            }
            assertThat(seen.events).containsExactly("1:" + offset + " Invalidate k");
        }
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        Map<String, String> foreign =
                TestCertificate.create(directory.resolve("foreign")).clientProperties();
        assertRefused(secured(WRONG, Map.of()), "Authentication failed: Invalid username or password");
        assertRefused(secured(RIGHT, foreign), "SSL handshake failed: ", "check ssl.truststore.*");
        assertRefused(secured(RIGHT, Map.of("ssl.truststore.location", "/nowhere/trust.p12")), "/nowhere/trust.p12");
        assertRefused(
                secured(RIGHT, Map.of("ssl.truststore.password", STORE_SECRET)), "keystore password was incorrect");
        assertRefused(secured(RIGHT, Map.of("security.protocol", "SASL_PLAINTEXT")), "Timed out");
        assertRefused(secured(RIGHT, Map.of("sasl.jaas.config", "no login " + RIGHT)), "JAAS config");
    }

    private static void assertRefused(KafkaSync log, String... said) {
        SyncLogException refusal =
                catchThrowableOfType(SyncLogException.class, () -> log.open(Logs.context(NAMESPACE)));
        assertThat(refusal).hasMessageContainingAll(said);
        assertThat(refusal.outcome()).isEqualTo(Outcome.FAILED);
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString() + log).doesNotContain(RIGHT, WRONG, STORE_SECRET);
    }

    @Test
    void theLogOfAProcessHoldsNoSecretAtAnyLevel() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Talkative.class.getName(),
                        broker.securedBootstrapServers(),
                        broker.clientProperties("node", RIGHT).get("ssl.truststore.location"),
                        broker.clientProperties("node", RIGHT).get("ssl.truststore.password"))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output)
                .contains("OPENED " + RIGHT.length(), "REFUSED " + WRONG.length())
                .contains("sasl.jaas.config = [hidden]", "TRACE")
                .doesNotContain(RIGHT, WRONG);
    }

    /** Opens a log with the right password and with a wrong one, and logs all it can. */
    static final class Talkative {
        private Talkative() {}

        public static void main(String[] args) throws Exception {
            for (String password : List.of(RIGHT, WRONG)) {
                Map<String, String> properties = new HashMap<>();
                properties.put("security.protocol", "SASL_SSL");
                properties.put("sasl.mechanism", "PLAIN");
                properties.put(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"node\" password=\""
                                + password + "\";");
                properties.put("ssl.truststore.location", args[1]);
                properties.put("ssl.truststore.password", args[2]);
                KafkaSync provider = KafkaSync.builder()
                        .bootstrapServers(args[0])
                        .properties(properties)
                        .partitions(2)
                        .replicationFactor(1)
                        .build();
                System.out.println(provider);
                try (SyncLog log = provider.open(Logs.context("talkative"));
                        LogReader reader = log.materialiser()) {
                    Logs.get(log.append(0, Logs.invalidate("k")));
                    reader.poll(Duration.ofSeconds(3), new Logs.Seen());
                    System.out.println("OPENED " + password.length() + " " + log);
                } catch (SyncLogException e) {
                    e.printStackTrace();
                    System.out.println("REFUSED " + password.length());
                }
            }
        }
    }
}
