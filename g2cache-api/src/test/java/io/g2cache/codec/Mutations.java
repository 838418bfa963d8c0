package io.g2cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Codec;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Damages good bytes at random and checks that a codec contains the damage. */
final class Mutations {
    private static final long LARGEST_ALLOCATION = 16 << 20;

    private Mutations() {}

    /** Each decoding returns, or throws a RuntimeException, and allocates no more than 16 MiB. */
    static void assertContained(byte[] good, int rounds, Codec<?> codec) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] bytes = damaged(good, random);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                codec.decode(view(bytes, random.nextBoolean()));
            } catch (RuntimeException e) {
                refused++;
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed=" + seed + ", bytes=" + HexFormat.of().formatHex(bytes), e);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("allocation, seed=%d, bytes=%s", seed, HexFormat.of().formatHex(bytes))
                    .isLessThan(LARGEST_ALLOCATION);
        }
        assertThat(refused).as("most damage is noticed, seed=%d", seed).isGreaterThan(rounds / 4);
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 20)) : bytes;
    }

    private static ByteBuffer view(byte[] bytes, boolean direct) {
        return direct
                ? ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer()
                : ByteBuffer.wrap(bytes);
    }
}
