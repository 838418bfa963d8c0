package io.g2cache.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The value of a log record, field by field as in the newest schema. A replay decodes millions of them; so bodies of that
 * schema, and of those that begin with it, are read straight from their bytes, without a generic record between. Immutable as
 * long as nobody writes to the value.
 */
record EventBody(
        String type,
        String origin,
        long stamp,
        long softDeadline,
        long hardDeadline,
        byte @Nullable [] value,
        @Nullable String tag,
        long from,
        long to,
        String marker,
        int partitions,
        int truncations) {

    /** Reads a body of the newest schema, and nothing behind it. Thread-safe. */
    static final class Reader {
        private final List<String> types;
        private final List<String> markers;
        private final RepeatedText origins = new RepeatedText();

        Reader(Schema newest) {
            this.types = newest.getField("type").schema().getEnumSymbols();
            this.markers = newest.getField("marker").schema().getEnumSymbols();
        }

        /**
         * The body that begins where the cursor stands.
         *
         * @throws IOException if the bytes are none, or end in it
         */
        EventBody read(AvroCursor in) throws IOException {
            String type = symbol(types, in.readInt());
            int originBytes = in.readLength();
            String origin = origins.of(in.bytes(), in.skip(originBytes), originBytes);
            return new EventBody(
                    type,
                    origin,
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    isPresent(in) ? in.readBytes() : null,
                    isPresent(in) ? new String(in.readBytes(), StandardCharsets.UTF_8) : null,
                    in.readLong(),
                    in.readLong(),
                    symbol(markers, in.readInt()),
                    in.readInt(),
                    in.readInt());
        }

        private static String symbol(List<String> symbols, int index) throws IOException {
            if (index < 0 || index >= symbols.size()) {
                throw new IOException("symbol=" + index + " not known, symbols=" + symbols);
            }
            return symbols.get(index);
        }

        /** Which branch of a union with null; null stands first. */
        private static boolean isPresent(AvroCursor in) throws IOException {
            int branch = in.readInt();
            if (branch != 0 && branch != 1) {
                throw new IOException("union has no branch=" + branch);
            }
            return branch == 1;
        }
    }

    /** A body that Avro has resolved from an older schema. */
    static EventBody of(GenericRecord body) {
        ByteBuffer value = (ByteBuffer) body.get("value");
        Object tag = body.get("tag");
        return new EventBody(
                body.get("type").toString(),
                body.get("origin").toString(),
                (Long) body.get("stamp"),
                (Long) body.get("softDeadline"),
                (Long) body.get("hardDeadline"),
                value == null ? null : bytes(value),
                tag == null ? null : tag.toString(),
                (Long) body.get("fromOffset"),
                (Long) body.get("toOffset"),
                body.get("marker").toString(),
                (Integer) body.get("partitions"),
                (Integer) body.get("truncations"));
    }

    /** Avro's decoder makes an array for each value, so that it need not be copied. */
    private static byte[] bytes(ByteBuffer value) {
        if (value.hasArray() && value.arrayOffset() == 0 && value.remaining() == value.array().length) {
            return value.array();
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }
}
