package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.kafka.EventCodec.EncodedRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Two releases on one log: the old one knows version 1 only, the new one also a version 2. */
class ChangedSchemaTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final Schema V1 = EventSchemas.SHIPPED.newest();
    private static final Schema V2 = schema(V1.toString()
            .replace("\"PROBE\"]", "\"PROBE\",\"TOUCH\"]")
            .replaceFirst("\\]}$", ",{\"name\":\"weight\",\"type\":\"long\",\"default\":7}]}"));

    private final EventCodec oldNode = new EventCodec(new EventSchemas(List.of(V1)));
    private final EventCodec newNode = new EventCodec(new EventSchemas(List.of(V1, V2)));

    private static Schema schema(String json) {
        return new SchemaParser().parse(json).mainSchema();
    }

    @Test
    void theTestsSchemaDiffers() {
        assertThat(V2.getField("weight")).isNotNull();
        assertThat(V2.getField("type").schema().getEnumSymbols()).endsWith("TOUCH");
        assertThat(newNode.schemaVersion()).isEqualTo(2);
    }

    @Test
    void anOldNodeReadsWhatANewNodeWrites() {
        Event put = new Event.Put("c", KEY, "new", Entry.value(-1, 1, 2, KEY));
        EncodedRecord encoded = newNode.encode(put);
        assertThat(encoded.value()).isNotEqualTo(oldNode.encode(put).value());
        assertThat(encoded.key()).isEqualTo(oldNode.encode(put).key());
        assertThat(oldNode.decode(encoded.key(), encoded.value(), () -> 2))
                .usingRecursiveComparison()
                .isEqualTo(put);
    }

    @Test
    void aNewNodeReadsWhatAnOldNodeWrites() {
        Event loaded = new Event.Loaded("c", KEY, "old", Entry.absent(9, 1, 2));
        EncodedRecord encoded = oldNode.encode(loaded);
        assertThat(newNode.decode(encoded.key(), encoded.value(), () -> 1))
                .usingRecursiveComparison()
                .isEqualTo(loaded);
    }

    @Test
    void markersAreReadByBoth() {
        Marker pin = new Marker(Marker.Kind.PIN, 6, 0);
        EncodedRecord byNew = newNode.encode(pin, "new");
        EncodedRecord byOld = oldNode.encode(pin, "old");
        assertThat(oldNode.decodeMarker(byNew.key(), byNew.value(), () -> 2)).isEqualTo(pin);
        assertThat(newNode.decodeMarker(byOld.key(), byOld.value(), () -> 1)).isEqualTo(pin);
    }

    @Test
    void aNewTypeInvalidatesItsKeyOnAnOldNode() throws Exception {
        byte[] key = oldNode.encode(new Event.Invalidate("c", KEY, "n")).key();
        assertThat(oldNode.decode(key, touch(), () -> 2)).isInstanceOfSatisfying(Event.Unreadable.class, unreadable -> {
            assertThat(unreadable.cache()).isEqualTo("c");
            assertThat(unreadable.key()).isEqualTo(KEY);
        });
    }

    private static byte[] touch() throws Exception {
        GenericRecord body = new GenericData.Record(V2);
        for (Schema.Field field : V2.getFields()) {
            body.put(field.pos(), field.hasDefaultValue() ? GenericData.get().getDefaultValue(field) : "new");
        }
        body.put("type", new GenericData.EnumSymbol(V2.getField("type").schema(), "TOUCH"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xC3, 1});
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(V2))
                .array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(V2).write(body, encoder);
        return out.toByteArray();
    }

    @Test
    void anUnknownSchemaThatIsNotNewerIsUnreadable() {
        EncodedRecord encoded = newNode.encode(new Event.Invalidate("c", KEY, "new"));
        for (int version : new int[] {-1, 0, 1}) {
            assertThat(oldNode.decode(encoded.key(), encoded.value(), () -> version))
                    .isInstanceOfSatisfying(
                            Event.Unreadable.class,
                            unreadable -> assertThat(unreadable.reason()).contains("schema not known"));
        }
    }

    @Test
    void aVersionThatDoesNotBeginWithTheOlderOneIsRefused() {
        List<Schema> dropped = List.of(V2, V1);
        assertThatThrownBy(() -> new EventSchemas(dropped)).isInstanceOf(IllegalArgumentException.class);
        Schema noDefault = schema(V1.toString().replaceFirst("\\]}$", ",{\"name\":\"weight\",\"type\":\"long\"}]}"));
        assertThatThrownBy(() -> new EventSchemas(List.of(V1, noDefault))).hasMessageContaining("weight");
        Schema otherType = schema(V1.toString()
                .replace("\"name\":\"partitions\",\"type\":\"int\"", "\"name\":\"partitions\",\"type\":\"long\""));
        assertThatThrownBy(() -> new EventSchemas(List.of(V1, otherType))).hasMessageContaining("partitions");
    }
}
