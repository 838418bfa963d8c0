package io.g2cache.kafka.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON. Thread-safe. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** In one line. */
    static String line(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one JSON text says. */
    static JsonNode parsed(byte[] text) throws IOException {
        JsonNode node = MAPPER.readTree(text);
        return node == null ? MAPPER.createObjectNode() : node;
    }

    /** For people too. */
    static String document(JsonNode node) {
        return node.toPrettyString();
    }
}
