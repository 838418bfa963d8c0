package io.g2cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.spi.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroCodecTest {
    private static final String TEXT = """
            {"type":"record","name":"Item","namespace":"test","fields":[
              {"name":"id","type":"long"},
              {"name":"name","type":"string"},
              {"name":"weight","type":["null","double"]},
              {"name":"ratio","type":"float"},
              {"name":"on","type":"boolean"},
              {"name":"raw","type":"bytes"},
              {"name":"md5","type":{"type":"fixed","name":"Md5","size":4}},
              {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},
              {"name":"tags","type":{"type":"array","items":"string"}},
              {"name":"counts","type":{"type":"map","values":"long"}},
              {"name":"nothing","type":{"type":"array","items":"null"}},
              {"name":"next","type":["null","Item"]}]}
            """;
    private static final Schema SCHEMA = new Schema.Parser().parse(TEXT);
    private static final AvroCodec<GenericRecord> CODEC = AvroCodec.generic(SCHEMA);

    private static GenericRecord item(long id, Map<String, Long> counts) {
        GenericRecord item = new GenericData.Record(SCHEMA);
        item.put("id", id);
        item.put("name", new Utf8("Zürich 🐈"));
        item.put("weight", 0.1);
        item.put("ratio", 1.5f);
        item.put("on", true);
        item.put("raw", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        item.put("md5", new GenericData.Fixed(SCHEMA.getField("md5").schema(), new byte[] {1, 2, 3, 4}));
        item.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), "B"));
        item.put("tags", List.of(new Utf8("x"), new Utf8("")));
        Map<Utf8, Long> byUtf8 = new LinkedHashMap<>();
        counts.forEach((key, value) -> byUtf8.put(new Utf8(key), value));
        item.put("counts", byUtf8);
        List<Object> nothing = new ArrayList<>();
        nothing.add(null);
        nothing.add(null);
        item.put("nothing", nothing);
        return item;
    }

    private static <T> void assertRoundTrip(Codec<T> codec, T value) {
        byte[] bytes = codec.encode(value);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3);
        direct.position(2).put(bytes).flip().position(2);
        assertThat(codec.decode(ByteBuffer.wrap(bytes))).isEqualTo(value);
        assertThat(codec.decode(direct.asReadOnlyBuffer())).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void genericRecordsComeBack(long id) {
        GenericRecord value = item(id, Map.of("n", id));
        value.put("next", item(id, Map.of()));
        assertRoundTrip(CODEC, value);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void specificRecordsComeBackWithoutTrustedPackages(long id) {
        assertThat(System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES")).isNull();
        assertRoundTrip(
                AvroCodec.specific(TestRecord.class),
                new TestRecord(id, "Zürich", TestColour.RED, new TestRecord(-id, "", null, null)));
    }

    @Test
    void writesWhatAvroItselfReads() throws IOException {
        GenericRecord value = item(7, Map.of("a", 1L));
        var reader = new org.apache.avro.generic.GenericDatumReader<GenericRecord>(SCHEMA);
        var decoder = org.apache.avro.io.DecoderFactory.get().binaryDecoder(CODEC.encode(value), null);
        assertThat(reader.read(null, decoder)).isEqualTo(value);
    }

    @Test
    void readsBlocksOfKnownSize() throws IOException {
        GenericRecord value = item(7, Map.of("a", 1L, "b", 2L));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder blocks = EncoderFactory.get().blockingBinaryEncoder(bytes, null);
        new org.apache.avro.generic.GenericDatumWriter<GenericRecord>(SCHEMA).write(value, blocks);
        blocks.flush();
        assertThat(bytes.toByteArray()).isNotEqualTo(CODEC.encode(value));
        assertThat(CODEC.decode(ByteBuffer.wrap(bytes.toByteArray()))).isEqualTo(value);
    }

    @Test
    void equalRecordsHaveEqualBytes() {
        Map<String, Long> up = new LinkedHashMap<>();
        Map<String, Long> down = new LinkedHashMap<>();
        for (long i = 0; i < 50; i++) {
            up.put("k" + i, i);
            down.put("k" + (49 - i), 49 - i);
        }
        assertThat(CODEC.encode(item(1, up))).isEqualTo(CODEC.encode(item(1, down)));
    }

    @Test
    void theFingerprintIsTheSchemas() {
        assertThat(CODEC.fingerprint()).isEqualTo(SchemaNormalization.parsingFingerprint64(SCHEMA));
        Schema documented =
                new Schema.Parser().parse(TEXT.replace("\"name\":\"Item\"", "\"name\":\"Item\",\"doc\":\"d\""));
        assertThat(AvroCodec.generic(documented).fingerprint()).isEqualTo(CODEC.fingerprint());
        Schema changed =
                new Schema.Parser().parse(TEXT.replace("\"ratio\",\"type\":\"float\"", "\"ratio\",\"type\":\"int\""));
        assertThat(AvroCodec.generic(changed).fingerprint()).isNotEqualTo(CODEC.fingerprint());
    }

    @Test
    void anotherScaleIsAnotherSchema() {
        String decimal = """
                {"type":"record","name":"P","fields":[{"name":"p","type":
                  {"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}]}
                """;
        Schema two = new Schema.Parser().parse(decimal);
        Schema three = new Schema.Parser().parse(decimal.replace("\"scale\":2", "\"scale\":3"));
        assertThat(SchemaNormalization.parsingFingerprint64(two))
                .isEqualTo(SchemaNormalization.parsingFingerprint64(three));
        assertThat(AvroCodec.generic(two).fingerprint())
                .isNotEqualTo(AvroCodec.generic(three).fingerprint());
    }

    @Test
    void whatIsNoRecordOfTheSchemaIsRefused() {
        Schema other = new Schema.Parser().parse(TEXT.replace("\"Item\"", "\"Other\""));
        GenericRecord foreign = new GenericData.Record(other);
        assertThatThrownBy(() -> CODEC.encode(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test.Other");
        assertThatThrownBy(() -> AvroCodec.generic(Schema.create(Schema.Type.LONG)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LONG");
        assertThatThrownBy(() -> CODEC.encode(new GenericData.Record(SCHEMA))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void trailingBytesAreRefused() {
        byte[] good = CODEC.encode(item(1, Map.of()));
        byte[] longer = java.util.Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> CODEC.decode(ByteBuffer.wrap(longer)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes=1");
    }

    @Test
    void aListOfNothingCannotFillTheHeap() throws IOException {
        Schema list = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"l\",\"type\":{\"type\":\"array\",\"items\":\"null\"}}]}");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        encoder.writeLong(Integer.MAX_VALUE - 8);
        encoder.writeLong(0);
        encoder.flush();
        assertThatThrownBy(() -> AvroCodec.generic(list).decode(ByteBuffer.wrap(bytes.toByteArray())))
                .hasStackTraceContaining("items=2147483639");
    }

    @Test
    void endlessNestingIsRefused() {
        byte[] deep = new byte[1 << 20];
        java.util.Arrays.fill(deep, (byte) 2);
        Schema chain = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"C\",\"fields\":[{\"name\":\"c\",\"type\":[\"null\",\"C\"]}]}");
        assertThatThrownBy(() -> AvroCodec.generic(chain).decode(ByteBuffer.wrap(deep)))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void mutatedBytesThrowNothingButRuntimeExceptions() {
        GenericRecord value = item(Long.MAX_VALUE, Map.of("a", 1L, "b", 2L));
        value.put("next", item(1, Map.of()));
        Mutations.assertContained(CODEC.encode(value), 10_000, CODEC);
        AvroCodec<TestRecord> specific = AvroCodec.specific(TestRecord.class);
        TestRecord record = new TestRecord(5, "abc", TestColour.BLUE, new TestRecord(6, "", null, null));
        Mutations.assertContained(specific.encode(record), 10_000, specific);
    }

    @Test
    void threadsShareOneCodec() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> results = pool.invokeAll(java.util.Collections.nCopies(4, (Callable<Integer>) () -> {
                for (int i = 0; i < 500; i++) {
                    assertRoundTrip(CODEC, item(i, Map.of("n", (long) i)));
                }
                return 500;
            }));
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(500);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
