package io.g2cache.audit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.OnHeapLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.crypto.KeyRing;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.FakeTime;
import io.g2cache.testkit.ForwardingLocalCache;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Right and hostile questions. */
@Timeout(60)
class AuditServerTest {
    private static final int WAIT_MILLIS = 20_000;
    private static final String TOKEN = "0123456789abcdef";

    private final G2Node node = G2Node.builder()
            .sync(new MemoryLog(new MemoryLog.Broker(2)))
            .out(new MemoryOut(new MemoryOut.Store()))
            .build();
    private final G2Cache<String, String> cache = node.cache(
            CacheSpec.builder("cities", Codecs.string(), Codecs.string()).build());

    @AfterEach
    void close() {
        node.close();
    }

    private AuditServer started() {
        return AuditServer.of(node).requestTimeout(Duration.ofSeconds(1)).start();
    }

    private static Socket connect(AuditServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }

    /** What is answered before the server ends the connection; null if nothing is. */
    private static @Nullable String send(AuditServer server, byte[] request) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request);
            return reader(socket).readLine();
        } catch (SocketException e) {
            return null;
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static JsonNode ask(AuditServer server, String request) throws IOException {
        return new ObjectMapper().readTree(send(server, (request + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static String hex(String key) {
        return HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tellsWhatTheTiersHold() throws IOException {
        cache.put("ulm", "1");
        try (AuditServer server = started()) {
            JsonNode about = ask(server, "g2audit/1 - node");
            assertThat(about.get("node").asText()).isEqualTo(node.id());
            assertThat(about.get("partitions").asInt()).isEqualTo(2);
            assertThat(about.get("caches").get(0).asText()).isEqualTo("cities");
            assertThat(ask(server, "g2audit/1 - sample cities 5")
                            .get("keys")
                            .get(0)
                            .asText())
                    .isEqualTo(hex("ulm"));
            JsonNode keys = ask(server, "g2audit/1 - look cities " + hex("ulm") + "," + hex("bonn"))
                    .get("keys");
            JsonNode ulm = keys.get(0);
            assertThat(ulm.get("local").get("kind").asText()).isEqualTo("VALUE");
            assertThat(ulm.get("local").get("hash")).isEqualTo(ulm.get("out").get("hash"));
            assertThat(ulm.get("local").get("version")).isEqualTo(ulm.get("recent"));
            assertThat(ulm.toString()).doesNotContain("\"1\"");
            assertThat(keys.get(1).has("local") || keys.get(1).has("out")).isFalse();
        }
    }

    @Test
    void tellsTheHashesOfHiddenKeysAndNothingOfSealedValues() throws IOException {
        byte[] secret = new byte[32];
        G2Cache<String, String> hidden = node.cache(CacheSpec.builder("hidden", Codecs.string(), Codecs.string())
                .encryption(Encryption.aesGcm(new KeyRing(EncryptionKeys.of("first", secret))))
                .hashKeys(KeyHasher.hmacSha256(secret))
                .build());
        hidden.put("ulm", "1");
        try (AuditServer server = started()) {
            assertThat(ask(server, "g2audit/1 - key cities " + hex("ulm"))
                            .get("key")
                            .asText())
                    .isEqualTo(hex("ulm"));
            String key = ask(server, "g2audit/1 - key hidden " + hex("ulm"))
                    .get("key")
                    .asText();
            assertThat(key).hasSize(2 * KeyHasher.HASH_BYTES).doesNotContain(hex("ulm"));
            assertThat(ask(server, "g2audit/1 - sample hidden 1")
                            .get("keys")
                            .get(0)
                            .asText())
                    .isEqualTo(key);
            JsonNode seen =
                    ask(server, "g2audit/1 - look hidden " + key).get("keys").get(0);
            for (String tier : List.of("local", "out")) {
                assertThat(seen.get(tier).get("kind").asText()).isEqualTo("VALUE");
                assertThat(seen.get(tier).has("hash")).isFalse();
            }
        }
    }

    @Test
    void answersSeveralQuestionsOfOneCaller() throws IOException {
        try (AuditServer server = started();
                Socket socket = connect(server)) {
            BufferedReader reader = reader(socket);
            OutputStream output = socket.getOutputStream();
            for (int i = 0; i < 3; i++) {
                output.write("g2audit/1 - node\n".getBytes(StandardCharsets.UTF_8));
                assertThat(reader.readLine()).contains(node.id());
            }
        }
    }

    @Test
    void refusesWrongQuestions() throws IOException {
        try (AuditServer server = started()) {
            for (String wrong : List.of(
                    "",
                    "GET / HTTP/1.1",
                    "g2audit/2 - node",
                    "g2audit/1 - drop",
                    "g2audit/1 - node more",
                    "g2audit/1 - sample cities",
                    "g2audit/1 - sample cities 0",
                    "g2audit/1 - sample cities 1001",
                    "g2audit/1 - sample cities x",
                    "g2audit/1 - sample other 1",
                    "g2audit/1 - key cities",
                    "g2audit/1 - key cities ",
                    "g2audit/1 - key other 00",
                    "g2audit/1 - look cities ",
                    "g2audit/1 - look cities xyz",
                    "g2audit/1 - look cities abc",
                    "g2audit/1 - look other 00",
                    "g2audit/1 - look cities " + "00,".repeat(100) + "00",
                    "g2audit/1 " + TOKEN + " node")) {
                assertThat(ask(server, wrong).has("error")).as(wrong).isTrue();
            }
        }
    }

    @Test
    void onlyTheTokenOpensAServerThatHasOne() throws IOException {
        try (AuditServer server = AuditServer.of(node).token(TOKEN).start()) {
            assertThat(ask(server, "g2audit/1 " + TOKEN + " node").has("node")).isTrue();
            for (String wrong : List.of("-", "0123456789abcdeg", TOKEN + "0", "")) {
                assertThat(ask(server, "g2audit/1 " + wrong + " node").toString())
                        .isEqualTo("{\"error\":\"not allowed\"}");
            }
        }
    }

    @Test
    void listensElsewhereOnlyWithAToken() {
        AuditServerBuilder open = AuditServer.of(node).address("0.0.0.0");
        assertThatThrownBy(open::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0.0.0.0");
        open.token(TOKEN).start().close();
        assertThatThrownBy(() -> AuditServer.of(node).token("short")).hasMessageContaining("characters=5");
    }

    @Test
    void garbageAndHugeQuestionsNeitherHurtNorLeak() throws IOException {
        Random random = new Random(1);
        try (AuditServer server = started()) {
            for (int i = 0; i < 100; i++) {
                byte[] garbage = new byte[1 + random.nextInt(2_000)];
                random.nextBytes(garbage);
                garbage[garbage.length - 1] = '\n';
                assertThat(send(server, garbage))
                        .satisfiesAnyOf(
                                answer -> assertThat(answer).isNull(),
                                answer -> assertThat(answer).startsWith("{\"error\":"));
            }
            byte[] huge = new byte[4 << 20];
            assertThat(send(server, huge))
                    .satisfiesAnyOf(
                            answer -> assertThat(answer).isNull(),
                            answer -> assertThat(answer).startsWith("{\"error\":"));
            assertThat(ask(server, "g2audit/1 - node").has("node")).isTrue();
        }
    }

    @Test
    void slowCallersAreDroppedAndMakeRoomForOthers() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try (AuditServer server = AuditServer.of(node)
                .requestTimeout(Duration.ofMillis(300))
                .maximumConnections(2)
                .start()) {
            for (int i = 0; i < 2; i++) {
                Socket socket = connect(server);
                socket.getOutputStream().write('g');
                slow.add(socket);
            }
            for (Socket socket : slow) {
                assertThat(ends(socket)).isTrue();
            }
            JsonNode answer = null;
            for (int i = 0; answer == null && i < 100; i++) {
                String line = send(server, "g2audit/1 - node\n".getBytes(StandardCharsets.UTF_8));
                answer = line == null ? null : new ObjectMapper().readTree(line);
            }
            assertThat(answer).isNotNull();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static boolean ends(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void whoAsksNothingIsDroppedLongBeforeARequestWouldBe() throws IOException {
        try (AuditServer server = AuditServer.of(node)
                        .requestTimeout(Duration.ofMinutes(1))
                        .start();
                Socket socket = connect(server)) {
            assertThat(ends(socket)).isTrue();
        }
    }

    @Test
    void anAnswerHasTheDeadlineOfItsRequest() {
        FakeTime time = new FakeTime(1_700_000_000_000L);
        Answers answers = new Answers(node, null, time);
        String look = "g2audit/1 - look cities " + hex("ulm");
        long deadline = time.monotonicNanos() + TimeUnit.SECONDS.toNanos(5);
        assertThat(answers.to(look, deadline).text()).contains("keys");
        time.advance(Duration.ofSeconds(5));
        assertThat(answers.to(look, deadline)).isEqualTo(Answer.error("no time left after keys=0 of 1"));
    }

    /** Fails now and then to accept, as where descriptors or memory are short. */
    private static final class FailingListener extends ServerSocket {
        private final Queue<Throwable> failures = new ArrayDeque<>(List.of(
                new IOException("no descriptors"),
                new IllegalStateException("planted"),
                new OutOfMemoryError("planted")));

        FailingListener() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            Throwable failure = failures.poll();
            if (failure instanceof IOException e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            return super.accept();
        }
    }

    @Test
    void goesOnWhenItCouldNotAccept() throws IOException {
        try (AuditServer server = AuditServer.start(
                new Answers(node, null, TimeSource.SYSTEM),
                new FailingListener(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Duration.ofSeconds(5),
                2)) {
            assertThat(ask(server, "g2audit/1 - node").has("node")).isTrue();
        }
    }

    @Test
    void anUnexpectedFailureIsAnsweredWithoutItsReason() throws IOException {
        try (G2Node failing = G2Node.builder().local(new FailingLocal()).build();
                AuditServer server = AuditServer.of(failing).start()) {
            failing.cache(CacheSpec.builder("cities", Codecs.string(), Codecs.string())
                    .build());
            assertThat(ask(server, "g2audit/1 - sample cities 5")).hasToString("{\"error\":\"failed\"}");
        }
    }

    /** Cannot tell its keys. */
    private static final class FailingLocal implements LocalCacheProvider {
        private final OnHeapLocal provider = new OnHeapLocal();

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
            return new ForwardingLocalCache<>(provider.open(context)) {
                @Override
                public List<EncodedKey> sample(int most) {
                    throw new IllegalStateException("secret");
                }
            };
        }

        @Override
        public void close() {
            provider.close();
        }
    }

    @Test
    void closesWithItsConnections() throws IOException {
        AuditServer server = started();
        try (Socket socket = connect(server)) {
            server.close();
            server.close();
            assertThat(ends(socket)).isTrue();
        }
    }
}
