package io.g2cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a tier holds for a key: a value as bytes, the knowledge that the source has no such key, or a tombstone; always
 * with the version that produced it. Immutable as long as nobody writes to {@link #value()}, which is not copied.
 *
 * <p>Deadlines are absolute wall-clock milliseconds: from the soft one on the entry is obsolete (served, and refreshed
 * behind the caller's back), from the hard one on it is expired (not served). A tombstone has none.
 *
 * @param kind what it is
 * @param version offset of the event, or the stamp of the load, that produced it
 * @param softDeadline wall-clock milliseconds
 * @param hardDeadline wall-clock milliseconds
 * @param value the stored bytes of a {@link Kind#VALUE}, as {@link ValueFormat} writes them; else null
 */
public record Entry(Kind kind, long version, long softDeadline, long hardDeadline, byte @Nullable [] value) {
    /** The kinds of entry. */
    public enum Kind {
        /** A value. */
        VALUE,
        /** The source is known to have nothing under this key. */
        ABSENT,
        /** An event made older entries invalid. */
        TOMBSTONE
    }

    /** Checks that a value, and only a value, has bytes. */
    public Entry {
        if ((kind == Kind.VALUE) != (value != null)) {
            throw new IllegalArgumentException("kind=" + kind + " with value=" + (value == null ? "null" : "bytes"));
        }
    }

    /** A value. */
    public static Entry value(long version, long softDeadline, long hardDeadline, byte[] value) {
        return new Entry(Kind.VALUE, version, softDeadline, hardDeadline, value);
    }

    /** A known absence. */
    public static Entry absent(long version, long softDeadline, long hardDeadline) {
        return new Entry(Kind.ABSENT, version, softDeadline, hardDeadline, null);
    }

    /** A tombstone. */
    public static Entry tombstone(long version) {
        return new Entry(Kind.TOMBSTONE, version, 0, 0, null);
    }

    /** The same entry under another version. */
    public Entry withVersion(long newVersion) {
        return new Entry(kind, newVersion, softDeadline, hardDeadline, value);
    }

    /** Whether this is a tombstone. */
    public boolean isTombstone() {
        return kind == Kind.TOMBSTONE;
    }

    /** The stored bytes of a value. */
    public byte[] requireValue() {
        byte[] bytes = value;
        if (bytes == null) {
            throw new IllegalStateException("kind=" + kind + " has no value");
        }
        return bytes;
    }

    @Override
    public String toString() {
        return "Entry[kind=" + kind + ", version=" + version + ", softDeadline=" + softDeadline + ", hardDeadline="
                + hardDeadline + ", bytes=" + (value == null ? 0 : value.length) + "]";
    }
}
