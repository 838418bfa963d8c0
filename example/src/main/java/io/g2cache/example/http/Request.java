package io.g2cache.example.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a handler sees of a call. Immutable, except that nobody copies the body.
 *
 * @param method upper-case method
 * @param path decoded path
 * @param header finds a header, empty if there is none
 * @param body the body, at most {@link ApiServer#MAXIMUM_BODY} bytes
 */
public record Request(String method, String path, Function<String, Optional<String>> header, byte[] body) {
    /**
     * The body as a JSON object.
     *
     * @throws BadRequestException if it is anything else
     */
    public JsonNode object() {
        JsonNode tree;
        try {
            tree = Json.tree(body);
        } catch (IOException e) {
            throw new BadRequestException(400, "the body is not JSON", e);
        }
        if (!tree.isObject()) {
            throw new BadRequestException(400, "the body must be a JSON object");
        }
        return tree;
    }
}
