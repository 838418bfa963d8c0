package io.g2cache.testkit;

import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a decoder with {@linkplain Mutator damaged} bytes, and demands of each decoding that it ends, that it throws nothing
 * but the exceptions that are documented, and that it allocates no more than a limit. What fails is reported with its seed and
 * its bytes in hexadecimal digits; the system property {@value #SEED} with that seed makes a run of nothing else.
 *
 * <p>Built and run by one thread; decodes in another one, so that a decoding that does not end is found.
 */
public final class Fuzz {
    /** Names the system property that replays one mutant. */
    public static final String SEED = "g2cache.fuzz.seed";

    private static final int HEX_BYTES = 4_096;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_MILLIS = 200;
    private static final int TRIES = 4;

    private final String name;
    private final Mutator mutator;
    private final Decoder decoder;
    private List<Class<? extends Exception>> documented = List.of();
    private UnaryOperator<byte[]> repair = bytes -> bytes;
    private long fixedBytes = 64 << 10;
    private long bytesPerByte = 64;
    private boolean takesAll;

    private volatile long seed;
    private volatile long startedNanos;

    /** What is tested, with its own checks of what it has decoded. */
    @FunctionalInterface
    public interface Decoder {
        /**
         * Decodes bytes that it may keep and write to.
         *
         * @return whether they were taken; false stands for a refusal without an exception
         * @throws Exception which must be a documented one
         */
        boolean takes(byte[] bytes) throws Exception;
    }

    private Fuzz(String name, List<byte[]> good, Decoder decoder) {
        this.name = name;
        this.mutator = new Mutator(good);
        this.decoder = decoder;
    }

    /** A decoder and inputs that it takes. It is called several times with equal bytes where it allocates much. */
    public static Fuzz of(String name, List<byte[]> good, Decoder decoder) {
        return new Fuzz(name, good, decoder);
    }

    /** What the decoder may throw; nothing by default. */
    public Fuzz mayThrow(List<Class<? extends Exception>> exceptions) {
        documented = List.copyOf(exceptions);
        return this;
    }

    /** The same where that is one exception. */
    public Fuzz mayThrow(Class<? extends Exception> exception) {
        return mayThrow(List.of(exception));
    }

    /** Applied to half of the mutants, such as to make a checksum right again: else nothing behind it is ever tested. */
    public Fuzz repairedBy(UnaryOperator<byte[]> operator) {
        repair = operator;
        return this;
    }

    /** What one decoding may allocate at most; 64 KiB and 64 bytes for each byte given, by default. */
    public Fuzz allocatingAtMost(long bytes, long perByteGiven) {
        fixedBytes = bytes;
        bytesPerByte = perByteGiven;
        return this;
    }

    /** There are no bytes that it refuses; else a run in which none were refused has failed. */
    public Fuzz takingAll() {
        takesAll = true;
        return this;
    }

    /** Writes a mutant over a file; a file that is cut to nothing first costs a file system much more. */
    public static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.truncate(bytes.length);
        }
    }

    /** What is tested. */
    public String name() {
        return name;
    }

    /**
     * What a run has seen.
     *
     * @param taken mutants that were decoded
     * @param refused the others
     * @param mostAllocated bytes, of the decoding that allocated most
     */
    public record Outcome(int taken, int refused, long mostAllocated) {}

    /**
     * Decodes so many mutants.
     *
     * @throws AssertionError at the first that breaks a rule, or if all were taken, or none
     */
    public Outcome run(int mutants) throws InterruptedException {
        Long replayed = Long.getLong(SEED);
        long first = replayed == null ? new Random().nextLong() : replayed;
        int count = replayed == null ? mutants : 1;
        Run run = new Run(first, count);
        startedNanos = TimeSource.SYSTEM.monotonicNanos();
        Thread thread = new Thread(run, "fuzz " + name);
        thread.setDaemon(true);
        thread.start();
        for (thread.join(LOOK_MILLIS); thread.isAlive(); thread.join(LOOK_MILLIS)) {
            long now = seed;
            if (TimeSource.SYSTEM.monotonicNanos() - startedNanos > LONGEST_NANOS && thread.isAlive()) {
                AssertionError endless = failure("does not end", now, null);
                endless.setStackTrace(thread.getStackTrace());
                throw endless;
            }
        }
        if (run.failure != null) {
            throw run.failure;
        }
        if (replayed == null && (run.taken == 0 || (run.refused == 0) != takesAll)) {
            throw new AssertionError(
                    name + ": taken=" + run.taken + ", refused=" + run.refused + ", first seed=" + first);
        }
        return new Outcome(run.taken, run.refused, run.mostAllocated);
    }

    private byte[] mutant(long ofSeed) {
        byte[] mutant = mutator.mutant(ofSeed);
        return (ofSeed & 1) == 0 ? mutant : repair.apply(mutant);
    }

    private AssertionError failure(String what, long ofSeed, @Nullable Throwable cause) {
        byte[] bytes = mutant(ofSeed);
        String hex = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, HEX_BYTES));
        return new AssertionError(
                name + " " + what + "; replay with -D" + SEED + "=" + ofSeed + ", bytes=" + bytes.length + ": " + hex
                        + (bytes.length > HEX_BYTES ? "…" : ""),
                cause);
    }

    /** The thread that decodes; read when it has ended. */
    private final class Run implements Runnable {
        private final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final long first;
        private final int count;
        private int taken;
        private int refused;
        private long mostAllocated;
        private @Nullable AssertionError failure;

        Run(long first, int count) {
            this.first = first;
            this.count = count;
        }

        @Override
        public void run() {
            for (int i = 0; i < count && failure == null; i++) {
                one(first + i);
            }
        }

        private void one(long ofSeed) {
            byte[] mutant = mutant(ofSeed);
            long limit = fixedBytes + bytesPerByte * mutant.length;
            long least = Long.MAX_VALUE;
            boolean takes = false;
            try {
                seed = ofSeed;
                startedNanos = TimeSource.SYSTEM.monotonicNanos();
                // the first time may load classes
                for (int tries = 0; tries < TRIES && least > limit; tries++) {
                    byte[] bytes = mutant.clone();
                    long before = threads.getCurrentThreadAllocatedBytes();
                    takes = takes(bytes);
                    least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                }
            } catch (Throwable e) {
                failure = failure("has thrown", ofSeed, e);
                return;
            }
            mostAllocated = Math.max(mostAllocated, least);
            taken += takes ? 1 : 0;
            refused += takes ? 0 : 1;
            if (least > limit) {
                failure = failure("has allocated bytes=" + least + ", limit=" + limit, ofSeed, null);
            }
        }

        private boolean takes(byte[] bytes) throws Exception {
            try {
                return decoder.takes(bytes);
            } catch (Exception e) {
                if (documented.stream().anyMatch(type -> type.isInstance(e))) {
                    return false;
                }
                throw e;
            }
        }
    }
}
