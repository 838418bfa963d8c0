package io.g2cache.spi;

/** Which entries of a cache a clear or a gap has killed. Thread-safe; cheap enough for every read. */
@FunctionalInterface
public interface Floors {
    /** No floor anywhere. */
    Floors NONE = partition -> Long.MIN_VALUE;

    /** An entry of this partition with a lower version is dead. */
    long floor(int partition);
}
