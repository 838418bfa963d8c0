package io.g2cache.example.http;

import java.util.Map;
import java.util.TreeMap;

/**
 * An answer. Immutable, except that nobody copies the body.
 *
 * @param status status code
 * @param contentType media type of the body
 * @param body the body
 * @param headers further headers
 */
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json; charset=utf-8";

    /** Copies the headers. */
    public Reply {
        headers = Map.copyOf(headers);
    }

    /** 200 with a value as JSON. */
    public static Reply json(Object value) {
        return new Reply(200, JSON, Json.bytes(value), Map.of());
    }

    /** An error as JSON. */
    public static Reply error(int status, String message) {
        return new Reply(status, JSON, Json.error(message), Map.of());
    }

    /** The same answer with one more header. */
    public Reply with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new Reply(status, contentType, body, all);
    }
}
