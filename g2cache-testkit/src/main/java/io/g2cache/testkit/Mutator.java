package io.g2cache.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages good bytes: bits flipped, ends cut off or added, two inputs spliced, numbers that may be lengths set to extremes,
 * parts repeated, removed, overwritten or moved. The same inputs and seed give the same bytes. Immutable and thread-safe, as
 * long as nobody writes to the inputs.
 */
public final class Mutator {
    private static final int MOST_STEPS = 3;
    private static final int MOST_FLIPS = 4;
    private static final int LONGEST_TAIL = 64;
    private static final int MOST_REPEATS = 16;
    private static final int LONGEST = 1 << 20;
    private static final int VARINT_BITS = 7;
    private static final long[] EXTREMES = {
        -1,
        0,
        1,
        Byte.MAX_VALUE,
        Short.MAX_VALUE,
        0xFFFF,
        1 << 24,
        Integer.MAX_VALUE - 8,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final List<byte[]> good;

    /**
     * A mutator of these inputs.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Mutator(List<byte[]> good) {
        if (good.isEmpty()) {
            throw new IllegalArgumentException("inputs=0, at least 1 is needed");
        }
        this.good = List.copyOf(good);
    }

    /** The mutant of a seed; one in 32 is an input as it is. */
    public byte[] mutant(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = any(random).clone();
        if (random.nextInt(32) == 0) {
            return bytes;
        }
        for (int steps = random.nextInt(MOST_STEPS); steps >= 0; steps--) {
            bytes = step(bytes, random);
        }
        return bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
    }

    private byte[] any(SplittableRandom random) {
        return good.get(random.nextInt(good.size()));
    }

    private byte[] step(byte[] bytes, SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> flipped(bytes, random);
            case 2 -> overwritten(bytes, random);
            case 3 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 4 -> concat(bytes, noise(random));
            case 5 -> spliced(bytes, any(random), random);
            case 6, 7 -> replaced(bytes, fixed(random), random);
            case 8 -> replaced(bytes, varint(random), random);
            case 9 -> repeated(bytes, random);
            case 10 -> removed(bytes, random);
            default -> filled(bytes, random);
        };
    }

    private static byte[] flipped(byte[] bytes, SplittableRandom random) {
        for (int flips = bytes.length == 0 ? 0 : random.nextInt(MOST_FLIPS) + 1; flips > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return bytes;
    }

    private static byte[] overwritten(byte[] bytes, SplittableRandom random) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] noise = new byte[random.nextInt(LONGEST_TAIL) + 1];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] spliced(byte[] head, byte[] tail, SplittableRandom random) {
        int to = random.nextInt(head.length + 1);
        int from = random.nextBoolean() ? Math.min(to, tail.length) : random.nextInt(tail.length + 1);
        return concat(Arrays.copyOf(head, to), Arrays.copyOfRange(tail, from, tail.length));
    }

    /** A number of 1, 2, 4 or 8 bytes. */
    private static byte[] fixed(SplittableRandom random) {
        ByteOrder order = random.nextInt(4) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(order);
        long extreme = EXTREMES[random.nextInt(EXTREMES.length)];
        switch (random.nextInt(4)) {
            case 0 -> number.put((byte) extreme);
            case 1 -> number.putShort((short) extreme);
            case 2 -> number.putInt((int) extreme);
            default -> number.putLong(extreme);
        }
        return Arrays.copyOf(number.array(), number.position());
    }

    /** Seven bits a byte, zigzag or not. */
    private static byte[] varint(SplittableRandom random) {
        long extreme = EXTREMES[random.nextInt(EXTREMES.length)];
        long left = random.nextBoolean() ? extreme : (extreme << 1) ^ (extreme >> 63);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while ((left & -(1L << VARINT_BITS)) != 0) {
            out.write((int) ((left & 0x7F) | 0x80));
            left >>>= VARINT_BITS;
        }
        out.write((int) left);
        return out.toByteArray();
    }

    /** Puts a part over the bytes at some place, or between them. */
    private static byte[] replaced(byte[] bytes, byte[] part, SplittableRandom random) {
        int at = random.nextInt(bytes.length + 1);
        int rest = random.nextInt(4) == 0 ? at : Math.min(bytes.length, at + part.length);
        return concat(concat(Arrays.copyOf(bytes, at), part), Arrays.copyOfRange(bytes, rest, bytes.length));
    }

    private static byte[] repeated(byte[] bytes, SplittableRandom random) {
        int from = random.nextInt(bytes.length + 1);
        int to = from + random.nextInt(bytes.length - from + 1);
        byte[] part = Arrays.copyOfRange(bytes, from, to);
        byte[] all = Arrays.copyOf(bytes, to);
        for (int times = random.nextInt(MOST_REPEATS) + 1; times > 0 && all.length < LONGEST; times--) {
            all = concat(all, part);
        }
        return concat(all, Arrays.copyOfRange(bytes, to, bytes.length));
    }

    private static byte[] removed(byte[] bytes, SplittableRandom random) {
        int from = random.nextInt(bytes.length + 1);
        int to = from + random.nextInt(bytes.length - from + 1);
        return concat(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
    }

    private static byte[] filled(byte[] bytes, SplittableRandom random) {
        int from = random.nextInt(bytes.length + 1);
        int to = from + random.nextInt(Math.min(bytes.length - from, LONGEST_TAIL) + 1);
        Arrays.fill(bytes, from, to, (byte) EXTREMES[random.nextInt(EXTREMES.length)]);
        return bytes;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
