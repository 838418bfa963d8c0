package io.g2cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * What an out tier was seen to hold for a key, with the token that a conditional write compares against. Immutable.
 *
 * @param kind what it is
 * @param version version of an {@link Kind#ENTRY} (value, known absence or tombstone); -1 otherwise
 * @param entry the entry of an {@link Kind#ENTRY}; else null
 * @param token what the tier compares a later {@link OutCache#fill} with; opaque to everybody else
 */
public record OutSlot(
        Kind kind,
        long version,
        @Nullable Entry entry,
        @Nullable Object token) {
    /** The kinds of content. */
    public enum Kind {
        /** Nothing is held; there is no token. */
        EMPTY,
        /** A placeholder of a load. */
        LEASE,
        /** An entry. */
        ENTRY,
        /** Bytes that this version cannot read; a miss that may be replaced. */
        UNREADABLE
    }

    /** Nothing. */
    public static final OutSlot EMPTY = new OutSlot(Kind.EMPTY, -1, null, null);

    /** A placeholder. */
    public static OutSlot lease(Object token) {
        return new OutSlot(Kind.LEASE, -1, null, token);
    }

    /** An entry. */
    public static OutSlot entry(Entry entry, Object token) {
        return new OutSlot(Kind.ENTRY, entry.version(), entry, token);
    }

    /** Foreign bytes. */
    public static OutSlot unreadable(Object token) {
        return new OutSlot(Kind.UNREADABLE, -1, null, token);
    }
}
