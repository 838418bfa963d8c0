package io.g2cache.internal;

import io.g2cache.InvalidLifetimeException;
import io.g2cache.Lifetime;
import io.g2cache.spi.Entry;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Turns lifetimes into absolute deadlines, with jitter. Thread-safe if the random source is. */
final class Deadlines {
    private final String cache;
    private final Duration maximum;
    private final Duration kept;
    private final DoubleSupplier random;

    /** The random source gives numbers from 0 up to but not including 1. */
    Deadlines(String cache, Duration maximum, DoubleSupplier random) {
        this(cache, maximum, Duration.ZERO, random);
    }

    /** For a cache that keeps entries for the given time after their hard deadline, which the maximum bounds, too. */
    Deadlines(String cache, Duration maximum, Duration kept, DoubleSupplier random) {
        this.cache = cache;
        this.maximum = maximum;
        this.kept = kept;
        this.random = random;
    }

    /** Throws {@link InvalidLifetimeException} if the lifetime is beyond the maximum. */
    void require(Lifetime lifetime) {
        if (lifetime.hard().plus(kept).compareTo(maximum) > 0) {
            throw new InvalidLifetimeException("cache=" + cache + ": hard=" + lifetime.hard()
                    + (kept.isZero() ? "" : " and failSafeFor=" + kept + " together") + " exceeds maximumLifetime="
                    + maximum);
        }
    }

    /** A value that was young at the given wall-clock milliseconds. */
    Entry value(long version, long bornMillis, Lifetime lifetime, byte[] stored) {
        double part = part(lifetime);
        return Entry.value(
                version, at(bornMillis, lifetime.soft(), part), at(bornMillis, lifetime.hard(), part), stored);
    }

    /** A known absence that was young at the given wall-clock milliseconds. */
    Entry absent(long version, long bornMillis, Lifetime lifetime) {
        double part = part(lifetime);
        return Entry.absent(version, at(bornMillis, lifetime.soft(), part), at(bornMillis, lifetime.hard(), part));
    }

    private double part(Lifetime lifetime) {
        return lifetime.jitter() == 0 ? 1 : 1 - lifetime.jitter() * random.getAsDouble();
    }

    private static long at(long bornMillis, Duration lifetime, double part) {
        return bornMillis + Math.max(1, (long) (lifetime.toMillis() * part));
    }
}
