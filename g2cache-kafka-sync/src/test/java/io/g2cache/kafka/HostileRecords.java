package io.g2cache.kafka;

import io.g2cache.kafka.EventCodec.EncodedRecord;
import io.g2cache.spi.Event;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Turns good records into hostile ones, the same for the same seed. Used by one thread. */
final class HostileRecords {
    private static final byte[] VERSION_1 = {0, 1};
    private static final long[] LENGTHS = {
        -1, 1_000, 1_000_000, 50_000_000, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 40, Long.MIN_VALUE
    };

    private final List<EncodedRecord> good;
    private final SplittableRandom random;
    private final long seed;

    HostileRecords(EventCodec codec, List<? extends Event> events, long seed) {
        this.good = events.stream().map(codec::encode).toList();
        this.random = new SplittableRandom(seed);
        this.seed = seed;
    }

    /** A record, and how it was made. */
    record Hostile(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers, String kind) {
        /** The version that the reader of a record finds in its headers. */
        int schemaVersion() {
            for (int i = headers.size() - 1; i >= 0; i--) {
                if (headers.get(i).key().equals(Appender.VERSION_HEADER)) {
                    byte[] bytes = headers.get(i).value();
                    return bytes == null || bytes.length != Short.BYTES
                            ? 0
                            : ByteBuffer.wrap(bytes).getShort();
                }
            }
            return 0;
        }

        int bytes() {
            return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        }
    }

    Hostile next() {
        EncodedRecord from = any();
        byte[] key = from.key();
        byte[] value = from.value();
        return switch (random.nextInt(14)) {
            case 0 -> hostile(key, flipped(value), "flipped value");
            case 1 -> hostile(flipped(key), value, "flipped key");
            case 2 -> hostile(key, Arrays.copyOf(value, random.nextInt(value.length)), "cut value");
            case 3 -> hostile(Arrays.copyOf(key, random.nextInt(key.length)), value, "cut key");
            case 4 -> hostile(key, extended(value), "extended value");
            case 5 -> hostile(extended(key), value, "extended key");
            case 6 -> hostile(any().key(), value, "swapped key");
            case 7 -> hostile(key, hugeLength(value), "huge length in value");
            case 8 -> hostile(hugeName(key), value, "huge length in key");
            case 9 -> hostile(key, concat(Arrays.copyOf(value, 10), value), "nested value");
            case 10 -> hostile(random.nextBoolean() ? key : new byte[0], new byte[0], "nothing in it");
            case 11 -> hostile(random.nextInt(4) == 0 ? null : key, null, "null");
            case 12 -> new Hostile(key, random.nextBoolean() ? value : flipped(value), foreignHeaders(), "headers");
            default -> hostile(random.nextBoolean() ? key : noise(), noise(), "noise");
        };
    }

    private EncodedRecord any() {
        return good.get(random.nextInt(good.size()));
    }

    private static Hostile hostile(byte @Nullable [] key, byte @Nullable [] value, String kind) {
        return new Hostile(key, value, List.of(new RecordHeader(Appender.VERSION_HEADER, VERSION_1)), kind);
    }

    private byte[] flipped(byte[] original) {
        byte[] bytes = original.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] extended(byte[] original) {
        return concat(original, Arrays.copyOf(noise(), random.nextInt(1, 9)));
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A body that ends in a length: of the origin, or at any other place. */
    private byte[] hugeLength(byte[] value) {
        int at = random.nextBoolean() ? 11 : random.nextInt(11, value.length);
        byte[] head = Arrays.copyOf(value, at);
        byte[] length = varint(LENGTHS[random.nextInt(LENGTHS.length)]);
        return random.nextBoolean()
                ? concat(head, length)
                : concat(concat(head, length), Arrays.copyOfRange(value, at, value.length));
    }

    /** Avro's number: zigzag, seven bits a byte. */
    private static byte[] varint(long number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = (number << 1) ^ (number >> 63);
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
        return out.toByteArray();
    }

    private byte[] hugeName(byte[] key) {
        return ByteBuffer.wrap(key.clone())
                .putShort(2, (short) random.nextInt(1 << 16))
                .array();
    }

    private List<Header> foreignHeaders() {
        return switch (random.nextInt(4)) {
            case 0 -> List.of();
            case 1 -> List.of(new RecordHeader(Appender.VERSION_HEADER, noise()));
            case 2 -> List.of(new RecordHeader(Appender.VERSION_HEADER, new byte[] {0x7F, -1}));
            default ->
                List.of(
                        new RecordHeader(Appender.VERSION_HEADER, VERSION_1),
                        new RecordHeader("traceparent", noise()),
                        new RecordHeader("", new byte[0]),
                        new RecordHeader(Appender.VERSION_HEADER, (byte[]) null));
        };
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    @Override
    public String toString() {
        return "seed=" + seed;
    }
}
