package io.g2cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.g2cache.spi.Codec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    record City(long id, String name, List<Street> streets) {}

    record Street(String name, int houses) {}

    record Swapped(List<Street> streets, String name, long id) {}

    record Page<T>(int number, T content) {}

    record Node(String name, List<Node> children) {}

    record Money(BigDecimal amount, BigInteger units) {}

    record Stamped(Instant at, OffsetDateTime when) {}

    record Untyped(Object any, Number number) {}

    static final class Bean {
        private long count;
        private String label = "";

        public long getCount() {
            return count;
        }

        public void setCount(long value) {
            count = value;
        }

        public String getLabel() {
            return label;
        }

        public void setLabel(String value) {
            label = value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bean that && count == that.count && label.equals(that.label);
        }

        @Override
        public int hashCode() {
            return Objects.hash(count, label);
        }
    }

    private static final City CITY = new City(BEYOND_DOUBLE, "Zürich", List.of(new Street("Gasse 🐈", 7)));

    private static <T> T throughHeap(Codec<T> codec, T value) {
        byte[] bytes = codec.encode(value);
        byte[] padded = new byte[bytes.length + 8];
        System.arraycopy(bytes, 0, padded, 5, bytes.length);
        return codec.decode(ByteBuffer.wrap(padded, 5, bytes.length).slice());
    }

    private static <T> T throughDirect(Codec<T> codec, T value) {
        byte[] bytes = codec.encode(value);
        return codec.decode(
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer());
    }

    private static <T> void assertRoundTrip(Codec<T> codec, T value) {
        assertThat(throughHeap(codec, value)).isEqualTo(value);
        assertThat(throughDirect(codec, value)).isEqualTo(value);
    }

    @Test
    void recordsBeansAndGenericTypesComeBack() {
        Bean bean = new Bean();
        bean.setCount(Long.MIN_VALUE);
        bean.setLabel("x");
        assertRoundTrip(JsonCodec.of(City.class), CITY);
        assertRoundTrip(JsonCodec.of(Bean.class), bean);
        assertRoundTrip(JsonCodec.of(new TypeReference<List<City>>() {}), List.of(CITY, CITY));
        assertRoundTrip(JsonCodec.of(new TypeReference<Page<Street>>() {}), new Page<>(1, new Street("a", 1)));
        assertRoundTrip(JsonCodec.of(Node.class), new Node("a", List.of(new Node("b", List.of()))));
        ObjectMapper mapper = new ObjectMapper();
        JavaType type = mapper.getTypeFactory().constructMapType(Map.class, String.class, Street.class);
        assertRoundTrip(JsonCodec.of(type, mapper), Map.of("a", new Street("b", 2)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Integer.MAX_VALUE, BEYOND_DOUBLE, -BEYOND_DOUBLE, Long.MAX_VALUE, Long.MIN_VALUE})
    void integersStayExactWithAndWithoutAType(long number) {
        assertRoundTrip(JsonCodec.of(City.class), new City(number, "", List.of()));
        assertRoundTrip(
                JsonCodec.of(new TypeReference<Map<String, Object>>() {}),
                Map.of("plain", number, "in a list", List.of(number), "in a map", Map.of("deep", number)));
        assertRoundTrip(JsonCodec.of(Object.class), number);
        assertRoundTrip(JsonCodec.of(Untyped.class), new Untyped(number, number));
    }

    @Test
    void largeAndFractionalNumbersStayExact() {
        BigInteger large = BigInteger.TWO.pow(200).add(BigInteger.ONE);
        BigDecimal precise = new BigDecimal("0.1000000000000000000000000000000001");
        assertRoundTrip(JsonCodec.of(Money.class), new Money(new BigDecimal("1.50"), large));
        for (Object number : List.of(large, precise, 0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e300, 3.0)) {
            assertRoundTrip(JsonCodec.of(Object.class), number);
            assertRoundTrip(JsonCodec.of(new TypeReference<Map<String, Object>>() {}), Map.of("n", List.of(number)));
        }
        BigInteger justAbove = BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE);
        assertRoundTrip(JsonCodec.of(Object.class), justAbove);
    }

    @Test
    void equalValuesHaveEqualBytes() {
        Codec<Map<String, Object>> codec = JsonCodec.of(new TypeReference<Map<String, Object>>() {});
        Map<String, Object> up = new LinkedHashMap<>();
        Map<String, Object> down = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            up.put("k" + i, new HashMap<>(Map.of("a", i)));
            down.put("k" + (49 - i), new HashMap<>(Map.of("a", 49 - i)));
        }
        assertThat(codec.encode(up)).isEqualTo(codec.encode(down));
        byte[] one = JsonCodec.of(City.class).encode(CITY);
        byte[] other = JsonCodec.of(Swapped.class).encode(new Swapped(CITY.streets, CITY.name, CITY.id));
        assertThat(other)
                .as("properties are sorted, whatever their order in the record")
                .isEqualTo(one);
    }

    /** Same simple name, other shapes. */
    static final class Shapes {
        record One(long id, String name) {}

        record Two(long id, String title) {}

        static final class Older {
            record Owner(Page<Street> page) {}
        }

        static final class Newer {
            record Owner(Page<City> page) {}
        }
    }

    @Test
    void anotherShapeHasAnotherFingerprint() {
        long plain = JsonCodec.of(City.class).fingerprint();
        assertThat(JsonCodec.of(City.class).fingerprint()).isEqualTo(plain);
        assertThat(JsonCodec.of(Swapped.class).fingerprint()).isNotEqualTo(plain);
        ObjectMapper renaming = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE);
        assertThat(JsonCodec.of(City.class, renaming).fingerprint()).isNotEqualTo(plain);
        assertThat(JsonCodec.of(Shapes.One.class).fingerprint())
                .isNotEqualTo(JsonCodec.of(Shapes.Two.class).fingerprint());
        assertThat(JsonCodec.of(Shapes.Older.Owner.class).fingerprint())
                .isNotEqualTo(JsonCodec.of(Shapes.Newer.Owner.class).fingerprint());
        assertThat(JsonCodec.of(new TypeReference<Page<Street>>() {}).fingerprint())
                .isNotEqualTo(JsonCodec.of(new TypeReference<Page<City>>() {}).fingerprint());
    }

    @Test
    void aShapeDeepInsideCountsToo() {
        ObjectMapper other = new ObjectMapper().addMixIn(Street.class, HousesHidden.class);
        assertThat(JsonCodec.of(City.class, other).fingerprint())
                .isNotEqualTo(JsonCodec.of(City.class).fingerprint());
    }

    interface HousesHidden {
        @com.fasterxml.jackson.annotation.JsonIgnore
        int houses();
    }

    @Test
    void theGivenMapperIsCopied() {
        ObjectMapper mapper = new ObjectMapper();
        Codec<City> codec = JsonCodec.of(City.class, mapper);
        byte[] before = codec.encode(CITY);
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE);
        mapper.enable(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT);
        assertThat(codec.encode(CITY)).isEqualTo(before);
        assertThat(mapper.getRegisteredModuleIds()).isEmpty();
    }

    @Test
    void defaultTypingOfTheGivenMapperIsOff() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.activateDefaultTyping(
                mapper.getPolymorphicTypeValidator(),
                ObjectMapper.DefaultTyping.NON_FINAL,
                JsonTypeInfo.As.WRAPPER_ARRAY);
        Codec<Object> codec = JsonCodec.of(Object.class, mapper);
        Object decoded = codec.decode(utf8("[\"java.util.concurrent.atomic.AtomicLong\",1]"));
        assertThat(decoded).isEqualTo(List.of("java.util.concurrent.atomic.AtomicLong", 1L));
    }

    @Test
    void datesNeedTheirModule() {
        assertThatThrownBy(() -> JsonCodec.of(Stamped.class, new ObjectMapper()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.time.Instant")
                .hasMessageContaining("jackson-datatype-jsr310");
        OffsetDateTime when = OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 678_901_234, ZoneOffset.ofHours(5));
        assertRoundTrip(JsonCodec.of(Stamped.class), new Stamped(when.toInstant(), when));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "[]",
                "{\"id\":1,\"name\":\"a\",\"streets\":[],\"extra\":1}",
                "{\"id\":1,\"name\":\"a\",\"streets\":[]} {}",
                "{\"id\":1e400,\"name\":\"a\",\"streets\":[]}"
            })
    void foreignTextIsRefused(String text) {
        assertThatThrownBy(() -> JsonCodec.of(City.class).decode(utf8(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("City");
    }

    @Test
    void whatJacksonCannotWriteIsRefused() {
        Map<String, Object> loop = new HashMap<>();
        loop.put("self", loop);
        assertThatThrownBy(() -> JsonCodec.of(new TypeReference<Map<String, Object>>() {})
                        .encode(loop))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutatedBytesThrowNothingButRuntimeExceptions() {
        Codec<City> typed = JsonCodec.of(City.class);
        Codec<Map<String, Object>> untyped = JsonCodec.of(new TypeReference<Map<String, Object>>() {});
        byte[] good = typed.encode(CITY);
        Mutations.assertContained(good, 10_000, typed);
        Mutations.assertContained(good, 10_000, untyped);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
