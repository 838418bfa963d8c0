package io.g2cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * What an out tier was seen to hold for a key, with the token that a conditional write compares against. Immutable.
 *
 * @param kind what it is
 * @param version version of an {@link Kind#ENTRY} (value, known absence or tombstone), also of an untrusted one; else -1
 * @param entry the entry of an {@link Kind#ENTRY}; else null
 * @param token what the tier compares a later {@link OutCache#fill} with; opaque to everybody else
 * @param isNew whether it is a placeholder that the very call has put there which returned this
 */
public record OutSlot(
        Kind kind,
        long version,
        @Nullable Entry entry,
        @Nullable Object token,
        boolean isNew) {
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
    public static final OutSlot EMPTY = new OutSlot(Kind.EMPTY, -1, null, null, false);

    /** A placeholder that was found. */
    public static OutSlot lease(Object token) {
        return new OutSlot(Kind.LEASE, -1, null, token, false);
    }

    /** A placeholder that was put there just now. */
    public static OutSlot newLease(Object token) {
        return new OutSlot(Kind.LEASE, -1, null, token, true);
    }

    /** An entry. */
    public static OutSlot entry(Entry entry, Object token) {
        return new OutSlot(Kind.ENTRY, entry.version(), entry, token, false);
    }

    /** The same without its value, which is not to be used: a miss that may be replaced, of the same version. */
    public OutSlot untrusted() {
        return new OutSlot(Kind.UNREADABLE, version, null, token, false);
    }

    /**
     * Whether an event's entry takes the place of what is held: nothing, a lease, unreadable bytes or a smaller version. At an
     * equal version a value or known absence replaces a tombstone, and nothing else is replaced.
     */
    public boolean givesWayTo(Entry event) {
        Entry held = entry;
        return held == null
                || held.version() < event.version()
                || (held.version() == event.version() && held.isTombstone() && !event.isTombstone());
    }

    /** Foreign bytes. */
    public static OutSlot unreadable(Object token) {
        return new OutSlot(Kind.UNREADABLE, -1, null, token, false);
    }
}
