package io.g2cache.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Gives 96-bit nonces that no other call gets, whatever the key: a random prefix of 64 bits, which another process has only by
 * a chance of one in 2^64 for each pair of prefixes, and a counter of 32 bits. A spent prefix is replaced. (Of purely random
 * nonces a key could stand 2^32 in the whole deployment; see NIST SP 800-38D, 8.3.)
 *
 * <p>Concurrency: a nonce is one atomic increment; the monitor guards the change of the prefix.
 */
final class Nonces {
    static final int BYTES = 12;

    /** Those of this process, for all caches and keys. */
    static final Nonces OF_PROCESS = new Nonces(new SecureRandom()::nextLong, 1L << 32);

    private final LongSupplier prefixes;
    private final long perPrefix;
    private volatile Block block;

    private static final class Block {
        final long prefix;
        final AtomicLong used = new AtomicLong();

        Block(long prefix) {
            this.prefix = prefix;
        }
    }

    Nonces(LongSupplier prefixes, long perPrefix) {
        this.prefixes = prefixes;
        this.perPrefix = perPrefix;
        this.block = new Block(prefixes.getAsLong());
    }

    byte[] next() {
        while (true) {
            Block now = block;
            long count = now.used.getAndIncrement();
            if (count < perPrefix) {
                return ByteBuffer.allocate(BYTES)
                        .putLong(now.prefix)
                        .putInt((int) count)
                        .array();
            }
            renew(now);
        }
    }

    private synchronized void renew(Block spent) {
        if (block == spent) {
            block = new Block(prefixes.getAsLong());
        }
    }
}
