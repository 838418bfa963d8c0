package io.g2cache.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the event schema that this release knows, oldest first. Immutable and thread-safe.
 *
 * <p>Each version begins with all fields of the one before it, unchanged but for symbols appended to enums; what it adds
 * stands behind them. So the body of a record written by a <em>newer</em> release begins with a body of our newest schema,
 * and an old node reads it without knowing the newer schema. Older releases' records are resolved by Avro's rules.
 */
final class EventSchemas {
    /** What this release writes and reads. */
    static final EventSchemas SHIPPED = new EventSchemas(List.of(resource("event-v1.avsc")));

    private final List<Schema> versions;
    private final Map<Long, GenericDatumReader<GenericRecord>> older = new HashMap<>();
    private final long fingerprint;

    EventSchemas(List<Schema> versions) {
        this.versions = List.copyOf(versions);
        Schema newest = newest();
        for (int i = 1; i < versions.size(); i++) {
            requireAppendOnly(versions.get(i - 1), versions.get(i));
        }
        for (Schema version : versions.subList(0, versions.size() - 1)) {
            older.put(SchemaNormalization.parsingFingerprint64(version), new GenericDatumReader<>(version, newest));
        }
        this.fingerprint = SchemaNormalization.parsingFingerprint64(newest);
    }

    private static Schema resource(String name) {
        try (InputStream in = EventSchemas.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource is missing");
            }
            return new SchemaParser().parse(in).mainSchema();
        } catch (IOException e) {
            throw new UncheckedIOException("schema not readable, resource=" + name, e);
        }
    }

    /** The schema that is written. */
    Schema newest() {
        return versions.get(versions.size() - 1);
    }

    /** Number of the newest version, from 1. */
    int newestVersion() {
        return versions.size();
    }

    /** Fingerprint of the newest version: CRC-64-AVRO of its parsing canonical form. */
    long fingerprint() {
        return fingerprint;
    }

    /** A reader that turns records of an older schema into records of the newest, or null. */
    @Nullable
    GenericDatumReader<GenericRecord> older(long writtenFingerprint) {
        return older.get(writtenFingerprint);
    }

    private static void requireAppendOnly(Schema older, Schema newer) {
        List<Schema.Field> before = older.getFields();
        List<Schema.Field> after = newer.getFields();
        for (int i = 0; i < before.size(); i++) {
            Schema.Field field = before.get(i);
            if (i >= after.size() || !field.name().equals(after.get(i).name()) || !extendsType(field, after.get(i))) {
                throw new IllegalArgumentException("schema does not begin with the older one, field=" + field.name());
            }
        }
        for (Schema.Field added : after.subList(before.size(), after.size())) {
            if (!added.hasDefaultValue()) {
                throw new IllegalArgumentException("added field has no default, field=" + added.name());
            }
        }
    }

    private static boolean extendsType(Schema.Field older, Schema.Field newer) {
        if (older.schema().getType() == Schema.Type.ENUM && newer.schema().getType() == Schema.Type.ENUM) {
            List<String> symbols = new ArrayList<>(newer.schema().getEnumSymbols());
            int known = older.schema().getEnumSymbols().size();
            return symbols.size() >= known
                    && symbols.subList(0, known).equals(older.schema().getEnumSymbols());
        }
        return older.schema().equals(newer.schema());
    }
}
