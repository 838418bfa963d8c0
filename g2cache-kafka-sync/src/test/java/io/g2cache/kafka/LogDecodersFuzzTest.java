package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.kafka.EventCodec.EncodedRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records of the log: keys, values of this and of another release's schema, markers, headers. */
class LogDecodersFuzzTest extends DecoderFuzz {
    private static final byte[] KEY = {0, -1, 5};
    private static final List<Event> EVENTS = List.of(
            new Event.Put("cities", KEY, "node-a", Entry.value(-1, 5, Long.MAX_VALUE, new byte[] {9, 0, -9})),
            new Event.Put("cities", KEY, "node-ü", Entry.absent(-1, -7, 8)),
            new Event.Invalidate("cities", KEY, "node-a"),
            new Event.Clear("cities", "node-a"),
            new Event.Tag("cities", "user:ü42", "node-a"),
            new Event.Redo(17, 1L << 60, "node-b"),
            new Event.Loaded("cities", KEY, "node-a", Entry.value(1L << 60, 1, 2, new byte[300])),
            new Event.Probe("node-a"));
    private static final List<Marker> MARKERS =
            List.of(new Marker(Marker.Kind.CLAIM, 12, 0), new Marker(Marker.Kind.PIN, 1, 7));

    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);

    @Override
    protected List<Fuzz> decoders() {
        EventCodec newer = new EventCodec(withOneMoreField());
        List<EncodedRecord> records = EVENTS.stream().map(codec::encode).toList();
        List<EncodedRecord> markers =
                MARKERS.stream().map(marker -> codec.encode(marker, "node-a")).toList();
        return List.of(
                Fuzz.of(
                        "key of a log record",
                        keys(records),
                        key -> records.stream().anyMatch(record -> isEvent(codec, codec, key, record.value()))),
                Fuzz.of(
                                "value of a log record",
                                values(records),
                                value ->
                                        records.stream().anyMatch(record -> isEvent(codec, codec, record.key(), value)))
                        .allocatingAtMost(256 << 10, 256),
                Fuzz.of(
                                "value of a newer release's log record",
                                values(EVENTS.stream().map(newer::encode).toList()),
                                value ->
                                        records.stream().anyMatch(record -> isEvent(codec, codec, record.key(), value)))
                        .allocatingAtMost(256 << 10, 256),
                Fuzz.of(
                                "value of an older release's log record",
                                values(records),
                                value ->
                                        records.stream().anyMatch(record -> isEvent(newer, codec, record.key(), value)))
                        .allocatingAtMost(256 << 10, 512),
                Fuzz.of(
                        "marker",
                        values(markers),
                        value -> markers.stream().anyMatch(marker -> isMarker(marker.key(), value))),
                Fuzz.of(
                        "key of a marker",
                        keys(markers),
                        key -> isMarker(key, markers.get(0).value())),
                Fuzz.of(
                        "headers of a log record",
                        List.of(new byte[] {0, 1}, new byte[] {0, 0, 0, 7}),
                        bytes -> RecordPump.version(withHeader(bytes)) != 0));
    }

    /** As the next release might have it. */
    private static EventSchemas withOneMoreField() {
        Schema now = EventSchemas.SHIPPED.newest();
        List<Schema.Field> fields = now.getFields().stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .collect(Collectors.toCollection(ArrayList::new));
        fields.add(new Schema.Field("region", Schema.create(Schema.Type.STRING), "", "here"));
        return new EventSchemas(
                List.of(now, Schema.createRecord(now.getName(), now.getDoc(), now.getNamespace(), false, fields)));
    }

    private static List<byte[]> keys(List<EncodedRecord> records) {
        return records.stream().map(EncodedRecord::key).toList();
    }

    private static List<byte[]> values(List<EncodedRecord> records) {
        return records.stream().map(EncodedRecord::value).toList();
    }

    /** Whether it is readable; what is, is written and read again without loss. */
    private static boolean isEvent(EventCodec reader, EventCodec writer, byte[] key, byte[] value) {
        Event event = reader.decode(key, value, () -> 2);
        if (event == null || event instanceof Event.Unreadable) {
            assertThat(event != null || RecordKey.decode(key) != null).isTrue();
            return false;
        }
        EncodedRecord again = writer.encode(event);
        Event once = reader.decode(again.key(), again.value(), () -> 2);
        assertThat(once).isNotNull();
        assertThat(once).hasSameClassAs(event);
        assertThat(writer.encode(once).value()).isEqualTo(again.value());
        assertThat(once.origin()).isEqualTo(event.origin());
        return true;
    }

    private boolean isMarker(byte[] key, byte[] value) {
        Marker marker = codec.decodeMarker(key, value, () -> 1);
        if (marker != null) {
            assertThat(marker.partitions()).isPositive();
            assertThat(marker.truncations()).isNotNegative();
            EncodedRecord again = codec.encode(marker, "node-a");
            assertThat(codec.decodeMarker(again.key(), again.value(), () -> 1)).isEqualTo(marker);
        }
        return marker != null;
    }

    private static ConsumerRecord<byte[], byte[]> withHeader(byte @Nullable [] bytes) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Appender.VERSION_HEADER, bytes);
        byte[] empty = ByteBuffer.allocate(0).array();
        return new ConsumerRecord<>(
                "t", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, empty, empty, headers, Optional.empty());
    }
}
