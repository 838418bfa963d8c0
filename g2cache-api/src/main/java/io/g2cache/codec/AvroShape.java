package io.g2cache.codec;

import io.g2cache.spi.Hash64;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Walks Avro schemas. */
final class AvroShape {
    private AvroShape() {}

    /**
     * The fingerprint of the parsing canonical form. As that form leaves out logical types with their precision and scale,
     * the properties of all schemas within, where there are any, are hashed on top of it.
     */
    static long fingerprint(Schema schema) {
        StringBuilder properties = new StringBuilder();
        forEach(schema, part -> {
            if (part.hasProps()) {
                properties.append(part.getType()).append(new TreeMap<>(part.getObjectProps()));
            }
        });
        long canonical = SchemaNormalization.parsingFingerprint64(schema);
        return properties.isEmpty()
                ? canonical
                : Hash64.hash(properties.toString().getBytes(StandardCharsets.UTF_8), canonical);
    }

    /** Visits the schema and all within it, each named one once, in the order of the fields. */
    static void forEach(Schema schema, Consumer<Schema> visitor) {
        visit(schema, visitor, new HashSet<>());
    }

    private static void visit(Schema schema, Consumer<Schema> visitor, Set<String> seen) {
        boolean named = switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> true;
            default -> false;
        };
        if (named && !seen.add(schema.getFullName())) {
            return;
        }
        visitor.accept(schema);
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> visit(field.schema(), visitor, seen));
            case UNION -> schema.getTypes().forEach(type -> visit(type, visitor, seen));
            case ARRAY -> visit(schema.getElementType(), visitor, seen);
            case MAP -> visit(schema.getValueType(), visitor, seen);
            default -> {}
        }
    }
}
