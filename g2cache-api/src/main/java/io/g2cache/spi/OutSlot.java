package io.g2cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * What an out tier was seen to hold for a key, with the token that a conditional write compares against. Immutable.
 *
 * @param kind what it is
 * @param version version of an {@link Kind#ENTRY} (value, known absence or tombstone), also of an untrusted one; else -1
 * @param entry the entry of an {@link Kind#ENTRY}; else null
 * @param source who has stored the entry; {@link Source#EVENT} where there is none
 * @param token what the tier compares a later {@link OutCache#fill} with; opaque to everybody else
 * @param isNew whether it is a placeholder that the very call has put there which returned this
 */
public record OutSlot(
        Kind kind,
        long version,
        @Nullable Entry entry,
        Source source,
        @Nullable Object token,
        boolean isNew) {
    /** Who has stored an entry, and what that says of newer events of its key. */
    public enum Source {
        /** An event, where nothing newer can have been: in the log's order, or over an older event's entry. */
        EVENT,
        /**
         * Somebody to whom the log's order had not come yet, where nothing of an event was, or a tombstone that replaced nothing: a
         * newer entry may have been there and been evicted. A value is current only for those who remember every event since, until the materialiser has confirmed it.
         */
        EARLY,
        /** A load, over what was there when it began. */
        LOAD
    }

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
    public static final OutSlot EMPTY = new OutSlot(Kind.EMPTY, -1, null, Source.EVENT, null, false);

    /** A placeholder that was found. */
    public static OutSlot lease(Object token) {
        return new OutSlot(Kind.LEASE, -1, null, Source.EVENT, token, false);
    }

    /** A placeholder that was put there just now. */
    public static OutSlot newLease(Object token) {
        return new OutSlot(Kind.LEASE, -1, null, Source.EVENT, token, true);
    }

    /** An entry. */
    public static OutSlot entry(Entry entry, Source source, Object token) {
        return new OutSlot(Kind.ENTRY, entry.version(), entry, source, token, false);
    }

    /** The same with another reading of its entry. */
    public OutSlot withEntry(Entry other) {
        return new OutSlot(kind, other.version(), other, source, token, isNew);
    }

    /** The same without its value, which is not to be used: a miss that may be replaced, of the same version. */
    public OutSlot untrusted() {
        return new OutSlot(Kind.UNREADABLE, version, null, Source.EVENT, token, false);
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

    /** Who is said to have stored an event's entry that is put in the place of this out of the log's order. */
    public Source early() {
        return entry != null && source == Source.EVENT ? Source.EVENT : Source.EARLY;
    }

    /** Whether it is the value or known absence of this event, and waits for the materialiser to confirm it. */
    public boolean isToConfirm(Entry event) {
        return entry != null && !entry.isTombstone() && source == Source.EARLY && version == event.version();
    }

    /** Foreign bytes. */
    public static OutSlot unreadable(Object token) {
        return new OutSlot(Kind.UNREADABLE, -1, null, Source.EVENT, token, false);
    }
}
