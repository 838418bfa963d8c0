package io.g2cache.spi;

/**
 * Decides inside a local tier's atomic step whether a version may still be stored for a key. Called under the lock that
 * guards the key's entry; it is quick, does not block and does not call the tier.
 */
@FunctionalInterface
public interface Admission {
    /** Admits everything. */
    Admission ALWAYS = (key, version) -> true;

    /** Whether no newer event for the key is known than this version. */
    boolean admits(EncodedKey key, long version);
}
