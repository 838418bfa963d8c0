package io.g2cache.example.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.G2Node;
import io.g2cache.WriteToken;
import io.g2cache.example.city.City;
import io.g2cache.example.http.BadRequestException;
import io.g2cache.example.http.Reply;
import io.g2cache.example.http.Request;
import io.g2cache.example.http.Router;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code GET}, {@code PUT} and {@code DELETE /cities/{id}}. A write answers with a token in the header {@code G2-Token};
 * a read that brings it, to whatever node, sees that write or a newer one. Thread-safe.
 */
public final class CityApi {
    /** The header that carries a write token. */
    public static final String TOKEN = "G2-Token";

    private static final Pattern ID = Pattern.compile("\\d{1,18}");
    private static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(5);
    private static final long MAXIMUM_POPULATION = 100_000_000_000L;
    private static final String POPULATION = "population";

    private final G2Node node;
    private final Cities cities;
    private final Ownership ownership;
    private final List<String> peerUrls;

    /**
     * Answers for the given cities.
     *
     * @param peerUrls URLs of all nodes, in the order of their numbers
     */
    public CityApi(G2Node node, Cities cities, Ownership ownership, List<String> peerUrls) {
        this.node = node;
        this.cities = cities;
        this.ownership = ownership;
        this.peerUrls = peerUrls;
    }

    /** Adds its routes. */
    public void addTo(Router router) {
        router.add("GET", "/cities/*", this::read)
                .add("PUT", "/cities/*", this::write)
                .add("DELETE", "/cities/*", this::invalidate);
    }

    /**
     * Waits for the write of the token that a call brings, if it brings one.
     *
     * @throws BadRequestException if it is no token, or one of another log
     * @throws io.g2cache.SyncLogException if the write did not arrive in time
     */
    static void awaitToken(G2Node node, Request request) {
        Optional<String> text = request.header().apply(TOKEN);
        if (text.isEmpty()) {
            return;
        }
        try {
            node.awaitToken(WriteToken.parse(text.get()), TOKEN_TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(400, TOKEN + ": " + e.getMessage(), e);
        }
    }

    private Reply read(Request request, String argument) {
        long id = id(argument);
        awaitToken(node, request);
        City city = cities.read(id);
        return city == null ? unknown(id) : Reply.json(city);
    }

    private Reply write(Request request, String argument) throws SQLException {
        long id = id(argument);
        long population = population(request.object());
        if (!ownership.mayWrite(id)) {
            URI owner = URI.create(peerUrls.get(ownership.writer(id)) + "/cities/" + id);
            return Reply.error(307, "city " + id + " has a single writer, " + owner)
                    .with("Location", owner.toString());
        }
        Cities.Written written = cities.write(id, population);
        return written == null
                ? unknown(id)
                : Reply.json(written.city()).with(TOKEN, written.token().toString());
    }

    private Reply invalidate(Request request, String argument) {
        long id = id(argument);
        return Reply.json(Map.of("invalidated", id))
                .with(TOKEN, cities.invalidate(id).toString());
    }

    private static long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new BadRequestException(400, "the id must be a number of 1 to 18 digits");
        }
        return Long.parseLong(text);
    }

    private static long population(JsonNode body) {
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals(POPULATION)) {
                throw new BadRequestException(400, "unknown field; only '" + POPULATION + "' can be set");
            }
        }
        JsonNode value = body.path(POPULATION);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > MAXIMUM_POPULATION) {
            throw new BadRequestException(
                    400, "'" + POPULATION + "' must be a whole number from 0 to " + MAXIMUM_POPULATION);
        }
        return value.longValue();
    }

    private static Reply unknown(long id) {
        return Reply.error(404, "no city of id " + id);
    }
}
