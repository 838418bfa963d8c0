package io.g2cache.codec;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.ser.impl.UnsupportedTypeSerializer;
import io.g2cache.spi.Hash64;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Describes a type as Jackson writes it: its name, and down through its properties their names and types in alphabetical
 * order. Two types with equal descriptions read each other's JSON. Used by one thread.
 */
final class JsonShape {
    private final ObjectMapper mapper;
    private final SerializationConfig config;
    private final Set<JavaType> seen = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    JsonShape(ObjectMapper mapper) {
        this.mapper = mapper;
        this.config = mapper.getSerializationConfig();
    }

    /**
     * A hash of the description.
     *
     * @throws IllegalArgumentException if Jackson lacks a module for a type
     */
    long fingerprint(JavaType type) {
        describe(type);
        return Hash64.hash(text.toString().getBytes(StandardCharsets.UTF_8), 0);
    }

    private void describe(JavaType type) {
        text.append(type.toCanonical());
        if (!seen.add(type)) {
            return;
        }
        requireSupported(type);
        JavaType key = type.getKeyType();
        if (key != null) {
            text.append('<');
            describe(key);
            text.append('>');
        }
        JavaType content = type.getContentType();
        if (content != null) {
            text.append('[');
            describe(content);
            text.append(']');
        }
        if (key == null && content == null && !type.isPrimitive() && !type.isEnumType()) {
            describeBean(type);
        }
    }

    private void describeBean(JavaType type) {
        if (type.getRawClass().getName().startsWith("java.")) {
            return;
        }
        BeanDescription bean = config.introspect(type);
        List<BeanPropertyDefinition> properties = bean.findProperties().stream()
                .filter(BeanPropertyDefinition::couldSerialize)
                .sorted(Comparator.comparing(BeanPropertyDefinition::getName))
                .toList();
        text.append('{');
        for (BeanPropertyDefinition property : properties) {
            text.append(property.getName()).append(':');
            describe(property.getAccessor().getType());
            text.append(';');
        }
        text.append('}');
        mapper.getSubtypeResolver().collectAndResolveSubtypesByClass(config, bean.getClassInfo()).stream()
                .filter(subtype -> subtype.getType() != type.getRawClass())
                .sorted(Comparator.comparing(
                        (NamedType subtype) -> subtype.getType().getName()))
                .forEach(subtype -> {
                    text.append('|').append(subtype.getName()).append('=');
                    describe(config.constructSpecializedType(type, subtype.getType()));
                });
    }

    private void requireSupported(JavaType type) {
        try {
            Object serializer = mapper.getSerializerProviderInstance().findTypedValueSerializer(type, true, null);
            if (serializer instanceof UnsupportedTypeSerializer) {
                throw new IllegalArgumentException(type.toCanonical()
                        + " needs a Jackson module: put com.fasterxml.jackson.datatype:jackson-datatype-jsr310 (java.time) or"
                        + " jackson-datatype-jdk8 (Optional) on the class path, or register it with your own mapper");
            }
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException("Jackson cannot map " + type.toCanonical(), e);
        }
    }
}
