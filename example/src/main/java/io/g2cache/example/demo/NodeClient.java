package io.g2cache.example.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.example.city.City;
import io.g2cache.example.http.Json;
import io.g2cache.example.node.CityApi;
import io.g2cache.example.node.DemoApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Calls a node over HTTP. Thread-safe; every call has a deadline. */
final class NodeClient implements CacheView {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final String url;

    NodeClient(String url) {
        this.url = url;
    }

    /** All figures of the node, as the JSON of {@code /statics}. */
    JsonNode statics(Duration timeout) throws IOException {
        return Json.tree(send(request("/statics", timeout).GET()).body());
    }

    /** The city, at least as new as the token says. */
    City read(long id) throws IOException {
        return Json.read(send(request("/cities/" + id, SHORT).GET()).body(), City.class);
    }

    /** Sets the population; returns the row as committed. */
    City write(long id, long population) throws IOException {
        HttpRequest.BodyPublisher body =
                HttpRequest.BodyPublishers.ofByteArray(Json.bytes(Map.of("population", population)));
        return Json.read(send(request("/cities/" + id, SHORT).PUT(body)).body(), City.class);
    }

    @Override
    public Map<Long, City> readAll(Collection<Long> ids, String token) throws IOException {
        return cities("/demo/read", ids, token);
    }

    @Override
    public Map<Long, City> cachedAll(Collection<Long> ids, String token) throws IOException {
        return cities("/demo/cached", ids, token);
    }

    private Map<Long, City> cities(String path, Collection<Long> ids, String token) throws IOException {
        HttpRequest.Builder request = post(path, Map.of("ids", ids));
        if (!token.isEmpty()) {
            request.header(CityApi.TOKEN, token);
        }
        JsonNode found = Json.tree(send(request).body());
        Map<Long, City> cities = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : found.properties()) {
            cities.put(Long.parseLong(field.getKey()), Json.read(Json.bytes(field.getValue()), City.class));
        }
        return cities;
    }

    /** Changes the cities in the database and tells the cache. */
    DemoApi.Changes changeAll(Collection<Long> ids) throws IOException {
        return Json.read(send(post("/demo/change", Map.of("ids", ids))).body(), DemoApi.Changes.class);
    }

    /** Sets the load; returns when nothing of the old load is under way. */
    void load(int gets, int updates) throws IOException {
        send(post("/demo/load", Map.of("gets", gets, "updates", updates)));
    }

    /** Tells the cache of the changes that were not published yet. */
    void republish() throws IOException {
        send(post("/demo/republish", Map.of()));
    }

    private HttpRequest.Builder post(String path, Object body) {
        return request(path, LONG).POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(timeout);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder builder) throws IOException {
        HttpRequest request = builder.build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(
                        request.method() + " " + request.uri() + " answered status=" + response.statusCode() + ": "
                                + Json.tree(response.body()).path("error").asText());
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + request.method() + " " + request.uri(), e);
        }
    }
}
