package io.g2cache.codec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Writes the entries of maps in the order of their keys, so that equal records have equal bytes. Thread-safe, as Avro's
 * own writer is.
 *
 * @param <T> the type of the records
 */
final class SortedMapWriter<T> extends GenericDatumWriter<T> {
    private static final Comparator<Map.Entry<Object, Object>> BY_KEY =
            Comparator.comparing(entry -> entry.getKey().toString());

    SortedMapWriter(Schema schema, GenericData data) {
        super(schema, data);
    }

    @Override
    protected Iterable<Map.Entry<Object, Object>> getMapEntries(Object map) {
        return sorted(super.getMapEntries(map));
    }

    private static Iterable<Map.Entry<Object, Object>> sorted(Iterable<Map.Entry<Object, Object>> entries) {
        List<Map.Entry<Object, Object>> sorted = new ArrayList<>();
        entries.forEach(sorted::add);
        sorted.sort(BY_KEY);
        return sorted;
    }

    /** The same for generated classes. */
    static final class Specific<T> extends SpecificDatumWriter<T> {
        Specific(Schema schema, SpecificData data) {
            super(schema, data);
        }

        @Override
        protected Iterable<Map.Entry<Object, Object>> getMapEntries(Object map) {
            return sorted(super.getMapEntries(map));
        }
    }
}
