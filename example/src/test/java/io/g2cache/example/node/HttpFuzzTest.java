package io.g2cache.example.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Node;
import io.g2cache.SyncLogException;
import io.g2cache.codec.Codecs;
import io.g2cache.codec.JsonCodec;
import io.g2cache.example.city.City;
import io.g2cache.example.city.CityDatabase;
import io.g2cache.example.city.CityTable;
import io.g2cache.example.http.ApiServer;
import io.g2cache.example.http.BadRequestException;
import io.g2cache.example.http.Json;
import io.g2cache.example.http.Reply;
import io.g2cache.example.http.Request;
import io.g2cache.example.http.Router;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import io.g2cache.testkit.Mutator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to the service: at its handlers, and as bytes on its port. */
class HttpFuzzTest extends DecoderFuzz {
    private static final int LONGEST_WAIT_MILLIS = 20_000;
    private static final int CONNECTIONS = 1_000;
    private static final long LONDON = 2643743;

    private final G2Node node = G2Node.builder().build();
    private final Router router = new Router();
    private CityDatabase database;
    private JdbcConnectionPool connections;
    private LoadGenerator load;

    @BeforeEach
    void start() throws SQLException {
        database = CityDatabase.start("secret");
        CityDatabase.Credentials credentials = database.credentials();
        connections = JdbcConnectionPool.create(credentials.url(), credentials.user(), credentials.password());
        CityTable table = new CityTable(connections);
        Ownership ownership = new Ownership(0, 3);
        Cities cities = new Cities(
                node.cache(CacheSpec.builder("cities", Codecs.int64(), JsonCodec.of(City.class))
                        .build()),
                table,
                "A",
                ownership,
                new Latencies());
        load = new LoadGenerator(cities, ownership, new ZipfPicker(table.idsByPopulation(), 1, 1), 1);
        String url = "http://127.0.0.1:1";
        new CityApi(node, cities, ownership, List.of(url, url, url)).addTo(router);
        new DemoApi(node, cities, load).addTo(router);
    }

    @AfterEach
    void stop() throws SQLException {
        load.close();
        node.close(Duration.ofSeconds(5));
        connections.dispose();
        database.close();
    }

    /** Method and path, token, body: one line each. */
    @Override
    protected List<Fuzz> decoders() {
        List<byte[]> good = Stream.of(
                        "GET /cities/" + LONDON + "\n\n",
                        "GET /cities/999999999999999999\ng1.x.0-1\n",
                        "PUT /cities/" + LONDON + "\n\n{\"population\": 42}",
                        "DELETE /cities/" + LONDON + "\n\n",
                        "POST /demo/cached\n\n{\"ids\": [1, " + LONDON + "]}",
                        "POST /demo/read\n\n{\"ids\": [" + LONDON + "]}",
                        "POST /demo/load\n\n{\"gets\": 0, \"updates\": 0}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        return List.of(Fuzz.of("requests of the example", good, bytes -> {
                    Reply reply = router.handle(request(bytes));
                    assertThat(reply.status()).isLessThan(500);
                    assertThat(Json.tree(reply.body()).isMissingNode()).isFalse();
                    return reply.status() < 400;
                })
                .mayThrow(List.of(BadRequestException.class, SyncLogException.class))
                .allocatingAtMost(8 << 20, 1_024));
    }

    private static Request request(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", 3);
        String[] words = parts[0].split(" ", 2);
        String token = parts.length > 1 ? parts[1] : "";
        byte[] body = parts.length > 2 ? parts[2].getBytes(StandardCharsets.UTF_8) : new byte[0];
        return new Request(
                words[0],
                words.length > 1 ? words[1] : "",
                name -> token.isEmpty() ? Optional.empty() : Optional.of(token),
                body);
    }

    @Test
    @Timeout(240)
    void damagedBytesOnThePortAreAnsweredOrTheConnectionEnds() throws Exception {
        String body = "{\"population\": 42}";
        String put = "PUT /cities/" + LONDON + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
        String get = "GET /cities/" + LONDON + " HTTP/1.1\r\nHost: x\r\nG2-Token: g1.x.0-1\r\n\r\n";
        Mutator mutator = new Mutator(List.of(
                put.getBytes(StandardCharsets.US_ASCII),
                get.getBytes(StandardCharsets.US_ASCII),
                "GET mailto:a HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        long first = new Random().nextLong();
        int answered = 0;
        try (ApiServer server = ApiServer.start(0, router, NodeErrors::translate)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                byte[] sent = mutator.mutant(first + i);
                String answer = answer(server, sent);
                assertThat(answer.isEmpty() || (answer.startsWith("HTTP/1.1 ") && !answer.startsWith("HTTP/1.1 500")))
                        .as(
                                "seed=%d, bytes=%s, answer=%s",
                                first + i, HexFormat.of().formatHex(sent), answer)
                        .isTrue();
                answered += answer.isEmpty() ? 0 : 1;
            }
            assertThat(answer(server, get.getBytes(StandardCharsets.US_ASCII))).startsWith("HTTP/1.1 400");
            assertThat(answer(server, put.getBytes(StandardCharsets.US_ASCII))).startsWith("HTTP/1.1 ");
        }
        assertThat(answered).as("seed=%d", first).isGreaterThan(CONNECTIONS / 4);
    }

    /** The status line; empty where the connection ends without an answer. */
    private static String answer(ApiServer server, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(LONGEST_WAIT_MILLIS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("");
        } catch (SocketException e) {
            return "";
        }
    }
}
