package io.g2cache.example.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.G2Node;
import io.g2cache.WriteToken;
import io.g2cache.example.city.City;
import io.g2cache.example.http.BadRequestException;
import io.g2cache.example.http.Reply;
import io.g2cache.example.http.Request;
import io.g2cache.example.http.Router;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the demo asks of a node beyond the service itself, below {@code /demo/}: many cities at once, and another load.
 * Thread-safe.
 */
public final class DemoApi {
    private static final int MAXIMUM_IDS = 50_000;
    private static final Duration PAUSE_TIMEOUT = Duration.ofSeconds(15);

    private final G2Node node;
    private final Cities cities;
    private final LoadGenerator load;

    /** Answers for the given cities and load. */
    public DemoApi(G2Node node, Cities cities, LoadGenerator load) {
        this.node = node;
        this.cities = cities;
        this.load = load;
    }

    /**
     * What became of many changes.
     *
     * @param changed how many cities were changed
     * @param token proves all of them; empty if there were none
     */
    public record Changes(int changed, String token) {}

    /** Adds its routes. */
    public void addTo(Router router) {
        router.add("POST", "/demo/load", this::load)
                .add("POST", "/demo/read", (request, argument) -> many(request, cities::read))
                .add("POST", "/demo/cached", (request, argument) -> many(request, cities::cached))
                .add("POST", "/demo/change", this::change)
                .add("POST", "/demo/republish", this::republish);
    }

    private Reply load(Request request, String argument) throws InterruptedException {
        JsonNode body = request.object();
        try {
            load.rates(body.path("gets").asInt(-1), body.path("updates").asInt(-1), PAUSE_TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(400, String.valueOf(e.getMessage()), e);
        }
        return Reply.json(Map.of());
    }

    /** Reads a city in some way; null if that way finds none. */
    @FunctionalInterface
    private interface Reader {
        @Nullable
        City read(long id);
    }

    private Reply many(Request request, Reader reader) {
        List<Long> ids = ids(request);
        CityApi.awaitToken(node, request);
        Map<Long, City> found = new TreeMap<>();
        for (long id : ids) {
            City city = reader.read(id);
            if (city != null) {
                found.put(id, city);
            }
        }
        return Reply.json(found);
    }

    private Reply change(Request request, String argument) throws SQLException {
        WriteToken token = null;
        int changed = 0;
        for (long id : ids(request)) {
            City city = cities.read(id);
            Cities.Written written = city == null ? null : cities.write(id, city.population() + 1);
            if (written != null) {
                token = token == null ? written.token() : token.and(written.token());
                changed++;
            }
        }
        return Reply.json(new Changes(changed, token == null ? "" : token.toString()));
    }

    private Reply republish(Request request, String argument) throws SQLException {
        return Reply.json(Map.of("republished", cities.republish(Duration.ZERO)));
    }

    private static List<Long> ids(Request request) {
        JsonNode list = request.object().path("ids");
        if (!list.isArray() || list.size() > MAXIMUM_IDS) {
            throw new BadRequestException(400, "'ids' must be a list of at most " + MAXIMUM_IDS + " numbers");
        }
        List<Long> ids = new ArrayList<>(list.size());
        for (JsonNode id : list) {
            if (!id.isIntegralNumber() || !id.canConvertToLong()) {
                throw new BadRequestException(400, "'ids' must hold whole numbers only");
            }
            ids.add(id.longValue());
        }
        return ids;
    }
}
