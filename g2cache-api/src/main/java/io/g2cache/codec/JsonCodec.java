package io.g2cache.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import com.fasterxml.jackson.databind.util.StdDateFormat;
import io.g2cache.spi.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * JSON by Jackson: records, beans, maps, lists and whatever else Jackson maps. Needs {@code jackson-databind} on the class
 * path, and {@code jackson-datatype-jsr310} for types of {@code java.time}.
 *
 * <p>The fingerprint is taken from the type and, down through its properties, their names and types: bytes that another
 * shape wrote are a miss. Enum constants are not part of it; an unknown constant fails to decode, which is a miss as well.
 *
 * <p>Numbers keep their value: where the type does not say what a number is ({@code Object}, {@code Number}, the values
 * of a {@code Map<String, Object>}), an integer becomes a {@code Long}, or a {@code BigInteger} if it does not fit, and any
 * other number a {@code Double}, or a {@code BigDecimal} if a double cannot hold it.
 *
 * <p>Usable for keys: properties and the entries of maps are sorted, so equal keys have equal bytes, except where they
 * contain sets or objects that Jackson writes in an order of their own.
 *
 * <p>Whatever mapper is given, it is copied; polymorphic default typing is switched off in the copy, unknown properties
 * are refused, and the sorting is switched on. Immutable and thread-safe.
 *
 * @param <T> the type of the keys or values
 */
@SuppressWarnings("exports") // the dependency is optional, so its module is not passed on
public final class JsonCodec<T> implements Codec<T> {
    private static final String ID = "json";

    private final JavaType type;
    private final long fingerprint;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    private JsonCodec(JavaType type, ObjectMapper mapper) {
        this.type = type;
        this.fingerprint = new JsonShape(mapper).fingerprint(type);
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type);
    }

    /**
     * The codec of a class without type parameters.
     *
     * @throws IllegalArgumentException if the type contains one that Jackson has no module for
     */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return of(type, withKnownModules());
    }

    /**
     * The codec of a class without type parameters, written and read by a copy of the given mapper.
     *
     * @throws IllegalArgumentException if the type contains one that the mapper has no module for
     */
    public static <T> JsonCodec<T> of(Class<T> type, ObjectMapper mapper) {
        return new JsonCodec<>(mapper.constructType(type), prepared(mapper));
    }

    /**
     * The codec of a type with parameters, such as {@code new TypeReference<List<City>>() {}}.
     *
     * @throws IllegalArgumentException if the type contains one that Jackson has no module for
     */
    public static <T> JsonCodec<T> of(TypeReference<T> type) {
        return of(type, withKnownModules());
    }

    /**
     * The codec of a type with parameters, written and read by a copy of the given mapper.
     *
     * @throws IllegalArgumentException if the type contains one that the mapper has no module for
     */
    public static <T> JsonCodec<T> of(TypeReference<T> type, ObjectMapper mapper) {
        return new JsonCodec<>(mapper.constructType(type), prepared(mapper));
    }

    /**
     * The codec of a type that is known at run time only, written and read by a copy of the given mapper. The caller
     * vouches that {@code T} is that type.
     *
     * @throws IllegalArgumentException if the type contains one that the mapper has no module for
     */
    public static <T> JsonCodec<T> of(JavaType type, ObjectMapper mapper) {
        return new JsonCodec<>(type, prepared(mapper));
    }

    /** Only the modules of the JDK's own types: others on the class path must not change the bytes. */
    private static ObjectMapper withKnownModules() {
        ObjectMapper mapper = new ObjectMapper();
        for (Module module : ObjectMapper.findModules(JsonCodec.class.getClassLoader())) {
            String name = module.getModuleName();
            if (name.startsWith("jackson-datatype-jsr310") || name.startsWith("com.fasterxml.jackson.datatype.jdk8")) {
                mapper.registerModule(module);
            }
        }
        return mapper.disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .setDateFormat(new StdDateFormat().withColonInTimeZone(true));
    }

    private static ObjectMapper prepared(ObjectMapper given) {
        ObjectMapper mapper = given.copy().deactivateDefaultTyping();
        mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(SerializationFeature.INDENT_OUTPUT);
        mapper.setConfig(mapper.getSerializationConfig()
                .with(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .without(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST));
        mapper.setConfig(mapper.getDeserializationConfig().with(MapperFeature.BLOCK_UNSAFE_POLYMORPHIC_BASE_TYPES));
        SimpleModule numbers = new SimpleModule("g2cache-numbers");
        numbers.addDeserializer(Number.class, new ExactNumbers());
        return mapper.registerModule(numbers);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }

    @Override
    public byte[] encode(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot write " + type.toCanonical() + " as JSON", e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("value of " + type.toCanonical() + " is nested too deeply", e);
        }
    }

    @Override
    public T decode(ByteBuffer view) {
        int length = view.remaining();
        T value;
        try {
            value = read(view);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot read " + type.toCanonical() + " from bytes=" + length, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(type.toCanonical() + " in bytes=" + length + " is nested too deeply", e);
        }
        if (value == null) {
            throw new IllegalArgumentException("null for " + type.toCanonical() + " in bytes=" + length);
        }
        return value;
    }

    private @Nullable T read(ByteBuffer view) throws IOException {
        return view.hasArray()
                ? reader.readValue(view.array(), view.arrayOffset() + view.position(), view.remaining())
                : reader.readValue(new ByteBufferBackedInputStream(view));
    }

    @Override
    public String toString() {
        return "JsonCodec[" + type.toCanonical() + "]";
    }
}
