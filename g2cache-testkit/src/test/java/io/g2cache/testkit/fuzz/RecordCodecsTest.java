package io.g2cache.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.g2cache.codec.AvroCodec;
import io.g2cache.codec.JsonCodec;
import io.g2cache.spi.Codec;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;

/** The codecs of records. */
class RecordCodecsTest extends DecoderFuzz {
    private static final Schema ITEM = new Schema.Parser().parse("""
            {"type":"record","name":"Item","namespace":"test","fields":[
              {"name":"id","type":"long"},
              {"name":"name","type":"string"},
              {"name":"weight","type":["null","double"]},
              {"name":"on","type":"boolean"},
              {"name":"raw","type":"bytes"},
              {"name":"md5","type":{"type":"fixed","name":"Md5","size":4}},
              {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},
              {"name":"tags","type":{"type":"array","items":"string"}},
              {"name":"counts","type":{"type":"map","values":"int"}},
              {"name":"next","type":["null","Item"]}]}
            """);

    /** What a service might keep. */
    record City(
            long id, String name, double latitude, BigInteger people, List<String> streets, Map<String, City> near) {}

    private static GenericRecord item(long id, GenericRecord next) {
        GenericRecord item = new GenericData.Record(ITEM);
        item.put("id", id);
        item.put("name", new Utf8("Zürich"));
        item.put("weight", 0.5);
        item.put("on", true);
        item.put("raw", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        item.put("md5", new GenericData.Fixed(ITEM.getField("md5").schema(), new byte[4]));
        item.put("kind", new GenericData.EnumSymbol(ITEM.getField("kind").schema(), "B"));
        item.put("tags", List.of(new Utf8("x"), new Utf8("")));
        item.put("counts", Map.of(new Utf8("a"), 7));
        item.put("next", next);
        return item;
    }

    @Override
    @SuppressWarnings("NullAway") // a record of Avro holds nulls
    protected List<Fuzz> decoders() {
        City ulm = new City(1, "Ulm", 48.4, BigInteger.TEN.pow(30), List.of("Ä", ""), Map.of());
        City bonn = new City(-2, "Bonn", -0.1, BigInteger.ONE, List.of(), Map.of("ulm", ulm));
        Map<String, Object> any =
                Map.of("a", 1L, "b", List.of(1.5, "x", true), "c", Map.of("d", BigInteger.TWO.pow(90)));
        List<Class<? extends Exception>> json = List.of(IllegalArgumentException.class, UncheckedIOException.class);
        return List.of(
                fuzz("codec json of a record", JsonCodec.of(City.class), List.of(ulm, bonn))
                        .mayThrow(json),
                fuzz("codec json of a map", JsonCodec.of(new TypeReference<Map<String, Object>>() {}), List.of(any))
                        .mayThrow(json),
                fuzz("codec avro", AvroCodec.generic(ITEM), List.of(item(1, null), item(Long.MIN_VALUE, item(2, null))))
                        .mayThrow(List.of(
                                IllegalArgumentException.class,
                                UncheckedIOException.class,
                                AvroRuntimeException.class,
                                IndexOutOfBoundsException.class)));
    }

    private static <T> Fuzz fuzz(String name, Codec<T> codec, List<T> values) {
        return Fuzz.of(name, values.stream().map(codec::encode).toList(), encoded -> {
                    T value = codec.decode(ByteBuffer.wrap(encoded));
                    byte[] again = codec.encode(value);
                    assertThat(codec.encode(codec.decode(ByteBuffer.wrap(again))))
                            .isEqualTo(again);
                    return true;
                })
                .allocatingAtMost(4 << 20, 1_024);
    }
}
