package io.g2cache.it;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Records of numbers, texts and enums as lines of fields, in the order of their components. */
public final class RecordLine {
    private RecordLine() {}

    /** The names of the fields. */
    public static String header(String separator, Class<? extends Record> type) {
        return Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.joining(separator));
    }

    /** The fields of a record. */
    public static String of(String separator, Record value) {
        return Stream.of(value.getClass().getRecordComponents())
                .map(component -> text(component.getAccessor(), value))
                .collect(Collectors.joining(separator));
    }

    private static String text(Method accessor, Record value) {
        try {
            accessor.setAccessible(true);
            Object field = accessor.invoke(value);
            return field instanceof Enum<?> constant ? constant.name() : String.valueOf(field);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("unreadable: " + accessor, e);
        }
    }

    /**
     * The record whose fields these are.
     *
     * @throws IllegalArgumentException if they are too few or too many, or a field is not of its type
     */
    public static <R extends Record> R parse(Class<R> type, List<String> fields) {
        RecordComponent[] components = type.getRecordComponents();
        if (fields.size() != components.length) {
            throw new IllegalArgumentException(
                    "fields=" + fields + " of a " + type.getSimpleName() + ", expected=" + components.length);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = value(types[i], fields.get(i));
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("fields=" + fields + " of a " + type.getSimpleName(), e);
        }
    }

    private static Object value(Class<?> type, String field) {
        if (type == int.class) {
            return Integer.parseInt(field);
        } else if (type == long.class) {
            return Long.parseLong(field);
        } else if (type == String.class) {
            return field;
        }
        for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
            if (((Enum<?>) constant).name().equals(field)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("field=" + field + " is no " + type.getSimpleName());
    }
}
