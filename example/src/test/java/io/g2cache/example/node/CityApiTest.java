package io.g2cache.example.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.CacheSpec;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import io.g2cache.codec.JsonCodec;
import io.g2cache.example.city.City;
import io.g2cache.example.city.CityDatabase;
import io.g2cache.example.city.CityTable;
import io.g2cache.example.http.ApiServer;
import io.g2cache.example.http.Json;
import io.g2cache.example.http.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service over HTTP: a real database, a node without modules. Each test changes cities of its own. */
class CityApiTest {
    private static final long LONDON = 2643743;
    private static final long PARIS = 2988507;
    private static final String OTHER_URL = "http://127.0.0.1:1";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static CityDatabase database;
    private static JdbcConnectionPool connections;
    private static CityTable table;
    private static G2Node node;
    private static ApiServer server;
    private static LoadGenerator load;
    private static Sampler sampler;

    @BeforeAll
    static void start() throws SQLException, IOException, InterruptedException {
        database = CityDatabase.start("secret");
        CityDatabase.Credentials credentials = database.credentials();
        connections = JdbcConnectionPool.create(credentials.url(), credentials.user(), credentials.password());
        table = new CityTable(connections);
        node = G2Node.builder().build();
        Ownership ownership = new Ownership(0, 3);
        Latencies latencies = new Latencies();
        sampler = new Sampler(node, latencies);
        Cities cities = new Cities(
                node.cache(CacheSpec.builder("cities", Codecs.int64(), JsonCodec.of(City.class))
                        .build()),
                table,
                "A",
                ownership,
                latencies);
        load = new LoadGenerator(cities, ownership, new ZipfPicker(table.idsByPopulation(), 1, 1), 1);
        CatchingUp catchingUp = new CatchingUp(node);
        catchingUp.await(Duration.ofSeconds(20));
        Router router = new Router();
        new CityApi(node, cities, ownership, List.of(OTHER_URL, OTHER_URL, OTHER_URL)).addTo(router);
        new DemoApi(node, cities, load).addTo(router);
        new StaticsApi("A", Map.of("A", OTHER_URL), node, cities, load, sampler, () -> 3, 4, catchingUp).addTo(router);
        server = ApiServer.start(0, router, NodeErrors::translate);
    }

    @AfterAll
    static void stop() throws SQLException {
        server.close();
        load.close();
        node.close(Duration.ofSeconds(5));
        connections.dispose();
        database.close();
    }

    private static HttpResponse<byte[]> call(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> call(String method, String path, String body)
            throws IOException, InterruptedException {
        return call(method, path, body, Map.of());
    }

    private static City city(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(200);
        return Json.read(response.body(), City.class);
    }

    private static void assertError(HttpResponse<byte[]> response, int status, String text) throws IOException {
        assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        JsonNode body = Json.tree(response.body());
        assertThat(body.propertyStream().map(Map.Entry::getKey)).containsExactly("error");
        assertThat(body.path("error").asText())
                .contains(text)
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }

    @Test
    void readsWritesAndReadsAgain() throws Exception {
        City before = city(call("GET", "/cities/" + LONDON, ""));
        HttpResponse<byte[]> written = call("PUT", "/cities/" + LONDON, "{\"population\": 42}");
        String token = written.headers().firstValue("G2-Token").orElseThrow();
        City after = city(call("GET", "/cities/" + LONDON, "", Map.of("G2-Token", token)));

        assertThat(before.name()).isEqualTo("London");
        assertThat(after.population()).isEqualTo(42);
        assertThat(after).isEqualTo(city(written)).isEqualTo(table.find(LONDON));
        assertThat(table.unpublished("A", Duration.ZERO)).isEmpty();
    }

    @Test
    void invalidatesWhatChangedBehindItsBack() throws Exception {
        call("GET", "/cities/" + PARIS, "");
        table.update("elsewhere", PARIS, 7);
        City stale = city(call("GET", "/cities/" + PARIS, ""));
        HttpResponse<byte[]> deleted = call("DELETE", "/cities/" + PARIS, "");

        assertThat(stale.population()).isNotEqualTo(7);
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(deleted.headers().firstValue("G2-Token")).isPresent();
        assertThat(city(call("GET", "/cities/" + PARIS, "")).population()).isEqualTo(7);
    }

    @Test
    void sendsWritesOfOthersToTheirWriter() throws Exception {
        long others = 0;
        for (long id : table.idsByPopulation()) {
            if (!new Ownership(0, 3).mayWrite(id)) {
                others = id;
                break;
            }
        }
        HttpResponse<byte[]> response = call("PUT", "/cities/" + others, "{\"population\": 42}");

        assertError(response, 307, "single writer");
        assertThat(response.headers().firstValue("Location")).contains(OTHER_URL + "/cities/" + others);
        assertThat(table.find(others).revision()).isZero();
    }

    @Test
    void publishesWhatAKilledNodeCouldNot() throws Exception {
        long id = table.idsByPopulation()[3];
        call("GET", "/cities/" + id, "");
        table.update("A", id, 9);
        HttpResponse<byte[]> response = call("POST", "/demo/republish", "{}");

        assertThat(Json.tree(response.body()).path("republished").asInt()).isEqualTo(1);
        assertThat(city(call("GET", "/cities/" + id, "")).population()).isEqualTo(9);
    }

    @Test
    void tellsWhatIsCachedFromWhatIsNot() throws Exception {
        long cached = table.idsByPopulation()[50];
        long other = table.idsByPopulation()[51];
        String ids = "{\"ids\": [" + cached + "," + other + "]}";
        call("GET", "/cities/" + cached, "");
        JsonNode before = Json.tree(call("POST", "/demo/cached", ids).body());
        JsonNode read = Json.tree(call("POST", "/demo/read", ids).body());
        JsonNode after = Json.tree(call("POST", "/demo/cached", ids).body());

        assertThat(before.propertyStream().map(Map.Entry::getKey)).containsExactly(Long.toString(cached));
        assertThat(after).isEqualTo(read).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "1.5", "1234567890123456789", "%20", "1%0a", "0x10", "٣"})
    void refusesIdsThatAreNoNumbers(String id) throws Exception {
        String path = "/cities/" + java.net.URLEncoder.encode(id, "UTF-8").replace("%25", "%");
        for (String method : List.of("GET", "DELETE")) {
            assertError(call(method, path, ""), 400, "1 to 18 digits");
        }
        assertError(call("PUT", path, "{\"population\": 1}"), 400, "1 to 18 digits");
    }

    @Test
    void knowsNothingOfOtherIds() throws Exception {
        assertError(call("GET", "/cities/99", ""), 404, "99");
        assertError(call("PUT", "/cities/99", "{\"population\": 1}"), 404, "99");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | JSON",
                "{ | JSON",
                "[] | object",
                "3 | object",
                "null | object",
                "{} | population",
                "{\"population\": -1} | population",
                "{\"population\": 1.5} | population",
                "{\"population\": \"7\"} | population",
                "{\"population\": null} | population",
                "{\"population\": 100000000001} | population",
                "{\"population\": 99999999999999999999999} | population",
                "{\"population\": 1, \"population\": 2} | JSON",
                "{\"population\": 1} {} | JSON",
                "{\"name\": \"X\", \"population\": 1} | unknown field"
            })
    void refusesBodiesThatSayNothingClear(String body, String text) throws Exception {
        City before = table.find(1796236);

        assertError(call("PUT", "/cities/1796236", body), 400, text);
        assertThat(table.find(1796236)).isEqualTo(before);
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        assertError(call("PUT", "/cities/1796236", " ".repeat(ApiServer.MAXIMUM_BODY + 1)), 413, "bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "g1.other.0-1", "g1..", "g1.a.0-99999999999999999999"})
    void refusesTokensThatAreNoneOrOfAnotherLog(String token) throws Exception {
        assertError(call("GET", "/cities/" + LONDON, "", Map.of("G2-Token", token)), 400, "G2-Token");
    }

    @Test
    void refusesOtherMethodsAndPaths() throws Exception {
        HttpResponse<byte[]> response = call("POST", "/cities/1", "{}");

        assertError(response, 405, "GET, PUT, DELETE");
        assertThat(response.headers().firstValue("Allow")).contains("GET, PUT, DELETE");
        assertError(call("GET", "/cities", ""), 404, "no such path");
        assertError(call("GET", "/cities/1/2", ""), 404, "no such path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"gets\": -1, \"updates\": 1}", "{\"gets\": 1, \"updates\": 100000000}", "[]"})
    void refusesLoadsOutOfRange(String body) throws Exception {
        assertThat(call("POST", "/demo/load", body).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"ids\": 3}", "{\"ids\": [\"x\"]}", "{\"ids\": [1.5]}"})
    void refusesListsThatHoldNoIds(String body) throws Exception {
        for (String path : List.of("/demo/read", "/demo/cached", "/demo/change")) {
            assertError(call("POST", path, body), 400, "ids");
        }
    }

    private static JsonNode statics() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = call("GET", "/statics", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        return Json.tree(response.body());
    }

    @Test
    void tellsItsStateAndWhatItHasCounted() throws Exception {
        long id = table.idsByPopulation()[70];
        JsonNode before = statics().path("caches").path(0);
        for (int i = 0; i < 4; i++) {
            call("GET", "/cities/" + id, "");
        }
        sampler.sample();
        JsonNode after = statics();
        JsonNode cache = after.path("caches").path(0);

        assertThat(cache.path("localHits").asLong() - before.path("localHits").asLong())
                .isEqualTo(3);
        assertThat(cache.path("localMisses").asLong()
                        - before.path("localMisses").asLong())
                .isEqualTo(1);
        assertThat(cache.path("loads").asLong() - before.path("loads").asLong()).isEqualTo(1);
        assertThat(after.path("node").asText()).isEqualTo("A");
        assertThat(after.path("id").asText()).isEqualTo(node.id());
        assertThat(after.path("state").asText()).isEqualTo("READY");
        assertThat(after.path("getsPerSecond").asDouble()).isPositive();
        assertThat(after.path("localHitRate").asDouble()).isBetween(0.01, 1.0);
        assertThat(after.path("lagEvents").isIntegralNumber()).isTrue();
        assertThat(after.path("republished").asLong()).isEqualTo(3);
        assertThat(after.path("startMillis").asLong()).isEqualTo(4);
        assertThat(after.path("catchUp").path("eventsToDo").isIntegralNumber()).isTrue();
        assertThat(after.path("peers").path("A").asText()).isEqualTo(OTHER_URL);
    }
}
