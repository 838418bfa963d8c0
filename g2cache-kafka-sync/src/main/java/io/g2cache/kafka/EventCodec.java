package io.g2cache.kafka;

import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Events as log records and back. The value is Avro's single-object encoding: {@code C3 01}, the schema's fingerprint
 * (8 bytes, little-endian), the body. Beside it travels the number of the schema version, in a header: an unknown
 * fingerprint under a newer number is a newer release's schema, which begins with ours (see {@link EventSchemas}).
 *
 * <p>Thread-safe. Decoding never throws, and allocates no more than a small multiple of the record's size.
 */
final class EventCodec {
    private static final short SINGLE_OBJECT = (short) 0xC301;
    private static final int HEADER_BYTES = 10;
    private static final String TYPE = "type";

    private final EventSchemas schemas;
    private final GenericDatumWriter<GenericRecord> writer;
    private final Schema typeSchema;
    private final Schema markerSchema;
    private final EventBody.Reader newest;

    EventCodec(EventSchemas schemas) {
        this.schemas = schemas;
        this.writer = new GenericDatumWriter<>(schemas.newest());
        this.typeSchema = schemas.newest().getField(TYPE).schema();
        this.markerSchema = schemas.newest().getField("marker").schema();
        this.newest = new EventBody.Reader(schemas.newest());
    }

    /** Number of the schema version that is written. */
    int schemaVersion() {
        return schemas.newestVersion();
    }

    /**
     * The record of an event.
     *
     * @throws IllegalArgumentException if the event cannot be written: unreadable, a tombstone as value, no key
     */
    EncodedRecord encode(Event event) {
        if (event instanceof Event.Put put) {
            GenericRecord body = body("PUT", put.origin());
            putEntry(body, put.entry());
            return record(dataKey(RecordKey.DATA, put.cache(), put.key()), body);
        } else if (event instanceof Event.Invalidate invalidate) {
            return record(
                    dataKey(RecordKey.DATA, invalidate.cache(), invalidate.key()),
                    body("INVALIDATE", invalidate.origin()));
        } else if (event instanceof Event.Clear clear) {
            return record(RecordKey.of(RecordKey.CLEAR, clear.cache()), body("CLEAR", clear.origin()));
        } else if (event instanceof Event.Tag tag) {
            return tagRecord(tag);
        } else if (event instanceof Event.Redo redo) {
            return redoRecord(redo);
        } else if (event instanceof Event.Loaded loaded) {
            GenericRecord body = body("LOADED", loaded.origin());
            putEntry(body, loaded.entry());
            body.put("stamp", loaded.entry().version());
            return record(dataKey(RecordKey.LOADED, loaded.cache(), loaded.key()), body);
        } else if (event instanceof Event.Probe probe) {
            return record(RecordKey.of(RecordKey.PROBE, ""), body("PROBE", probe.origin()));
        }
        throw new IllegalArgumentException("cannot be written: event=" + event);
    }

    private EncodedRecord tagRecord(Event.Tag tag) {
        if (tag.cache().isEmpty() || tag.tag().isEmpty()) {
            throw new IllegalArgumentException(
                    "cache='" + tag.cache() + "' and tag='" + tag.tag() + "' must not be empty");
        }
        GenericRecord body = body("TAG", tag.origin());
        body.put("tag", tag.tag());
        return record(new RecordKey(RecordKey.TAG, tag.cache(), tag.tag().getBytes(StandardCharsets.UTF_8)), body);
    }

    private EncodedRecord redoRecord(Event.Redo redo) {
        requireRange(redo.from(), redo.to());
        GenericRecord body = body("REDO", redo.origin());
        body.put("fromOffset", redo.from());
        body.put("toOffset", redo.to());
        String id = redo.origin() + "-" + redo.from();
        return record(new RecordKey(RecordKey.REDO, "", id.getBytes(StandardCharsets.UTF_8)), body);
    }

    private static void requireRange(long from, long to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("fromOffset=" + from + " and toOffset=" + to + " are no range");
        }
    }

    /** The record of a marker. Claims of two nodes have two record keys, pins share one. */
    EncodedRecord encode(Marker marker, String origin) {
        GenericRecord body = body("MARKER", origin);
        body.put(
                "marker", new GenericData.EnumSymbol(markerSchema, marker.kind().name()));
        body.put("partitions", marker.partitions());
        body.put("truncations", marker.truncations());
        String name = marker.kind().name().toLowerCase(Locale.ROOT);
        String id = marker.kind() == Marker.Kind.CLAIM ? name + "-" + origin : name;
        return record(new RecordKey(RecordKey.MARKER, "", id.getBytes(StandardCharsets.UTF_8)), body);
    }

    private static RecordKey dataKey(byte recordClass, String cache, byte[] key) {
        RecordKey recordKey = new RecordKey(recordClass, cache, key);
        if (!recordKey.concernsKey()) {
            throw new IllegalArgumentException(
                    "cache='" + cache + "' and keyBytes=" + key.length + " must not be empty");
        }
        return recordKey;
    }

    private GenericRecord body(String type, String origin) {
        GenericRecord body = new GenericData.Record(schemas.newest());
        for (Schema.Field field : schemas.newest().getFields()) {
            if (field.hasDefaultValue()) {
                body.put(field.pos(), GenericData.get().getDefaultValue(field));
            }
        }
        body.put(TYPE, new GenericData.EnumSymbol(typeSchema, type));
        body.put("origin", origin);
        return body;
    }

    private static void putEntry(GenericRecord body, Entry entry) {
        if (entry.isTombstone()) {
            throw new IllegalArgumentException("a tombstone is no value to publish, entry=" + entry);
        }
        body.put("softDeadline", entry.softDeadline());
        body.put("hardDeadline", entry.hardDeadline());
        byte[] value = entry.value();
        body.put("value", value == null ? null : ByteBuffer.wrap(value));
    }

    private EncodedRecord record(RecordKey key, GenericRecord body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .putShort(SINGLE_OBJECT)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(schemas.fingerprint())
                .array();
        out.writeBytes(header);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            writer.write(body, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("event could not be encoded, key=" + key, e);
        }
        return new EncodedRecord(key.encode(), out.toByteArray());
    }

    /**
     * The event of a record; {@link Event.Unreadable} with whatever is known where it cannot be decoded; null where the
     * record is a marker.
     *
     * @param schemaVersion tells the number of the writer's schema version, 0 where the record does not say; asked only where
     *     the schema is not known here
     */
    @Nullable
    Event decode(byte @Nullable [] keyBytes, byte @Nullable [] value, IntSupplier schemaVersion) {
        RecordKey key = RecordKey.decode(keyBytes);
        if (key == null) {
            return new Event.Unreadable(null, null, "record key not readable");
        }
        try {
            EventBody body = body(value, schemaVersion);
            return key.recordClass() == RecordKey.MARKER && "MARKER".equals(body.type()) ? null : event(key, body);
        } catch (IOException | RuntimeException e) {
            return new Event.Unreadable(
                    key.cache().isEmpty() ? null : key.cache(), key.concernsKey() ? key.key() : null, reason(e));
        }
    }

    /** The marker of a record, or null where it is none, or of a kind that this release does not know. */
    @Nullable
    Marker decodeMarker(byte @Nullable [] keyBytes, byte @Nullable [] value, IntSupplier schemaVersion) {
        RecordKey key = RecordKey.decode(keyBytes);
        if (key == null || key.recordClass() != RecordKey.MARKER) {
            return null;
        }
        try {
            EventBody body = body(value, schemaVersion);
            return "NONE".equals(body.marker()) || body.partitions() < 1 || body.truncations() < 0
                    ? null
                    : new Marker(Marker.Kind.valueOf(body.marker()), body.partitions(), body.truncations());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private EventBody body(byte @Nullable [] value, IntSupplier schemaVersion) throws IOException {
        if (value == null) {
            throw new IOException("record has no value");
        }
        ByteBuffer header = ByteBuffer.wrap(value);
        if (value.length < HEADER_BYTES || header.getShort() != SINGLE_OBJECT) {
            throw new IOException("not in single-object encoding, bytes=" + value.length);
        }
        long fingerprint = header.order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (fingerprint == schemas.fingerprint()) {
            AvroCursor cursor = new AvroCursor(value, HEADER_BYTES);
            return whole(newest.read(cursor), cursor.isEnd());
        }
        GenericDatumReader<GenericRecord> older = schemas.older(fingerprint);
        if (older != null) {
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
            EventBody body = EventBody.of(older.read(null, decoder));
            return whole(body, decoder.isEnd());
        }
        int version = schemaVersion.getAsInt();
        if (version <= schemas.newestVersion()) {
            throw new IOException("schema not known, fingerprint=" + Long.toHexString(fingerprint) + ", version="
                    + version + ", newestKnown=" + schemas.newestVersion());
        }
        return newest.read(new AvroCursor(value, HEADER_BYTES));
    }

    private static EventBody whole(EventBody body, boolean isEnd) throws IOException {
        if (!isEnd) {
            throw new IOException("bytes behind the body");
        }
        return body;
    }

    private static Event event(RecordKey key, EventBody body) throws IOException {
        byte expected = switch (body.type()) {
            case "PUT", "INVALIDATE" -> RecordKey.DATA;
            case "LOADED" -> RecordKey.LOADED;
            case "CLEAR" -> RecordKey.CLEAR;
            case "TAG" -> RecordKey.TAG;
            case "REDO" -> RecordKey.REDO;
            case "PROBE" -> RecordKey.PROBE;
            default -> throw new IOException("event type not known, type=" + body.type());
        };
        if (key.recordClass() != expected
                || ((expected == RecordKey.CLEAR || expected == RecordKey.TAG)
                        && key.cache().isEmpty())) {
            throw new IOException(
                    "event type does not fit its key, type=" + body.type() + ", class=" + key.recordClass());
        }
        if ((expected == RecordKey.DATA || expected == RecordKey.LOADED) && !key.concernsKey()) {
            throw new IOException("cache or key is empty");
        }
        String origin = body.origin();
        return switch (body.type()) {
            case "PUT" -> new Event.Put(key.cache(), key.key(), origin, entry(body));
            case "INVALIDATE" -> new Event.Invalidate(key.cache(), key.key(), origin);
            case "LOADED" -> new Event.Loaded(key.cache(), key.key(), origin, entry(body));
            case "CLEAR" -> new Event.Clear(key.cache(), origin);
            case "TAG" -> new Event.Tag(key.cache(), tag(key, body), origin);
            case "REDO" -> redo(body, origin);
            default -> new Event.Probe(origin);
        };
    }

    private static String tag(RecordKey key, EventBody body) throws IOException {
        String tag = body.tag();
        if (tag == null || !Arrays.equals(tag.getBytes(StandardCharsets.UTF_8), key.key()) || key.key().length == 0) {
            throw new IOException("tag does not fit its key, tag=" + tag);
        }
        return tag;
    }

    private static Event.Redo redo(EventBody body, String origin) {
        requireRange(body.from(), body.to());
        return new Event.Redo(body.from(), body.to(), origin);
    }

    private static Entry entry(EventBody body) {
        byte[] value = body.value();
        return value == null
                ? Entry.absent(body.stamp(), body.softDeadline(), body.hardDeadline())
                : Entry.value(body.stamp(), body.softDeadline(), body.hardDeadline(), value);
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** Key and value of a log record. */
    record EncodedRecord(byte[] key, byte[] value) {}
}
