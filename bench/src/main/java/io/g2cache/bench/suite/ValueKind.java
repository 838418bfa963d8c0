package io.g2cache.bench.suite;

import io.g2cache.codec.AvroCodec;
import io.g2cache.codec.Codecs;
import io.g2cache.codec.JsonCodec;
import io.g2cache.spi.Codec;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Kinds of values; each call makes a new object. */
@SuppressWarnings("ImmutableEnumChecker") // codecs are
enum ValueKind {
    /** Random bytes. */
    RAW(byte[].class, Codecs.bytes()) {
        @Override
        Object value(int rank, int bytes) {
            byte[] value = new byte[bytes];
            new Random(rank).nextBytes(value);
            return value;
        }
    },
    /** A record as JSON. */
    JSON(Item.class, JsonCodec.of(Item.class)) {
        @Override
        Object value(int rank, int bytes) {
            return new Item(rank, rank / CENTS, text(bytes));
        }
    },
    /** The same as Avro. */
    AVRO(GenericRecord.class, AvroCodec.generic(Schemas.ITEM)) {
        @Override
        Object value(int rank, int bytes) {
            GenericData.Record item = new GenericData.Record(Schemas.ITEM);
            item.put("id", (long) rank);
            item.put("price", rank / CENTS);
            item.put("text", text(bytes));
            return item;
        }
    };

    private static final double CENTS = 100;
    private static final int OTHER_FIELDS = 40;

    private final Class<?> type;
    private final Codec<?> codec;

    ValueKind(Class<?> type, Codec<?> codec) {
        this.type = type;
        this.codec = codec;
    }

    /**
     * What is stored.
     *
     * @param id a number
     * @param price a fraction
     * @param text fills it up
     */
    record Item(long id, double price, String text) {}

    private static final class Schemas {
        static final Schema ITEM = SchemaBuilder.record("Item")
                .namespace("io.g2cache.bench")
                .fields()
                .requiredLong("id")
                .requiredDouble("price")
                .requiredString("text")
                .endRecord();
    }

    abstract Object value(int rank, int bytes);

    Class<?> type() {
        return type;
    }

    Codec<?> codec() {
        return codec;
    }

    private static String text(int bytes) {
        return "x".repeat(Math.max(1, bytes - OTHER_FIELDS));
    }
}
