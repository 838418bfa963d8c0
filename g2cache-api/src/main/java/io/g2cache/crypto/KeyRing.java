package io.g2cache.crypto;

/**
 * Holds the keys that are in use now, and lets them be replaced while nodes run: from the next value on, the new ones count.
 *
 * <p>This is where a key management service comes in: a thread of yours fetches the keys, at the start and whenever they
 * change, and calls {@link #replace}. Nothing that reads or writes a cache ever waits for such a service.
 *
 * <p>Thread-safe: one immutable object is replaced by another.
 */
public final class KeyRing {
    private volatile EncryptionKeys keys;

    /** A ring that holds the given keys at first. */
    public KeyRing(EncryptionKeys keys) {
        this.keys = keys;
    }

    /** The keys in use. */
    public EncryptionKeys keys() {
        return keys;
    }

    /** Takes other keys into use. */
    public void replace(EncryptionKeys others) {
        keys = others;
    }

    @Override
    public String toString() {
        return "KeyRing[" + keys + "]";
    }
}
