package io.g2cache.chronicle;

import io.g2cache.spi.Codec;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one call needs and the next one can use again, until {@link #close}. A platform thread keeps one of its own; a codec
 * or admission that calls another cache finds it taken and gets a new one. Virtual threads, of which there may be very many,
 * share those of a {@link ScratchPool}. Never used by two threads at once.
 */
final class Scratch implements AutoCloseable {
    private static final int USUAL_KEY_BYTES = 64;
    private static final AtomicInteger STRIPES = new AtomicInteger();
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);
    private static final ScratchPool OF_VIRTUAL_THREADS = new ScratchPool();

    final KeyData key = new KeyData();
    final KeyData victim = new KeyData();
    final EntryData entry = new EntryData();
    final EntryView view = new EntryView();
    final EntryView victimView = new EntryView();
    private final int stripe = STRIPES.getAndIncrement();
    private byte[] keyBytes = new byte[USUAL_KEY_BYTES];
    private boolean taken;
    private boolean nested;
    private boolean pooled;
    private @Nullable Gate entered;
    private @Nullable SegmentLock writing;

    /** A scratch that nobody else uses. */
    static Scratch take() {
        Scratch scratch;
        if (VirtualThreads.isVirtual()) {
            scratch = OF_VIRTUAL_THREADS.take();
            scratch.pooled = true;
        } else {
            scratch = OF_THREAD.get();
            if (scratch.taken) {
                scratch = new Scratch();
                scratch.nested = true;
            }
        }
        scratch.taken = true;
        return scratch;
    }

    /** A scratch, and inside the gate; null if the gate is closed. */
    static @Nullable Scratch enter(Gate gate) {
        Scratch scratch = take();
        if (!gate.enter(scratch.stripe)) {
            scratch.close();
            return null;
        }
        scratch.entered = gate;
        return scratch;
    }

    /** How many are kept for virtual threads just now. */
    static int pooled() {
        return OF_VIRTUAL_THREADS.size();
    }

    /** Whether the thread has another scratch in use, and so perhaps a lock. */
    boolean isNested() {
        return nested;
    }

    /** Takes the lock of a segment for writing, until {@link #close}. */
    void lockWrite(SegmentLock lock) {
        lock.lockWrite();
        writing = lock;
    }

    /** Encodes a key to the start of {@link #keyBytes}; returns how many bytes it has. */
    <K> int encode(Codec<K> codec, K newKey) {
        int length = codec.encodeInto(newKey, keyBytes);
        if (length >= 0) {
            return length;
        }
        byte[] encoded = codec.encode(newKey);
        keyBytes = Arrays.copyOf(encoded, Math.max(encoded.length, keyBytes.length));
        return encoded.length;
    }

    byte[] keyBytes() {
        return keyBytes;
    }

    @Override
    public void close() {
        view.close();
        SegmentLock lock = writing;
        if (lock != null) {
            writing = null;
            victimView.close();
            lock.unlockWrite();
        }
        Gate gate = entered;
        if (gate != null) {
            entered = null;
            entry.clear();
            gate.leave(stripe);
        }
        taken = false;
        if (pooled) {
            OF_VIRTUAL_THREADS.giveBack(this);
        }
    }
}
