package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Loads that have failed a short time ago and are not to be tried again yet. Of a fixed size: where two keys meet in a
 * place, the later failure is known and the other key is loaded again, which is only less thrifty.
 *
 * <p>Concurrency: any thread; each place changes by itself.
 */
final class FailedLoads {
    private static final int PLACES = 1 << 12;

    private final TimeSource time;
    private final long throttleNanos;
    private final AtomicReferenceArray<@Nullable Failed> places;

    private record Failed(EncodedKey key, long atNanos, Throwable failure) {}

    /** Remembers failures for the given time; zero for not at all. */
    FailedLoads(TimeSource time, Duration throttle) {
        this.time = time;
        this.throttleNanos = throttle.toNanos();
        this.places = new AtomicReferenceArray<>(throttle.isZero() ? 0 : PLACES);
    }

    private boolean isOff() {
        return throttleNanos == 0;
    }

    private static int place(EncodedKey key) {
        return (int) key.hash() & (PLACES - 1);
    }

    /** A load of the key has failed just now. */
    void note(EncodedKey key, Throwable failure) {
        if (!isOff()) {
            places.set(place(key), new Failed(key, time.monotonicNanos(), failure));
        }
    }

    /** What a load of the key has failed with a short time ago; null if it may be tried. */
    @Nullable
    Throwable recall(EncodedKey key) {
        if (isOff()) {
            return null;
        }
        Failed failed = places.get(place(key));
        return failed != null && time.monotonicNanos() - failed.atNanos < throttleNanos && failed.key.equals(key)
                ? failed.failure
                : null;
    }

    /** The key may be loaded again. */
    void forget(EncodedKey key) {
        if (!isOff()) {
            Failed failed = places.get(place(key));
            if (failed != null && failed.key.equals(key)) {
                places.compareAndSet(place(key), failed, null);
            }
        }
    }

    /** Every key may be loaded again. */
    void forgetAll() {
        for (int i = 0; i < places.length(); i++) {
            places.set(i, null);
        }
    }
}
