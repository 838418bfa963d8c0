package io.g2cache.internal.queue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A write that waits for the log, as what it will be there: an invalidation, whatever it was. Equal by content, so that the
 * same key need not wait twice. Immutable as long as nobody writes to the key.
 *
 * @param kind what it will be
 * @param cache name of the cache, not empty
 * @param key encoded key, or the tag in UTF-8; empty for a clear
 */
public record QueuedEvent(Kind kind, String cache, byte[] key) {
    private static final byte[] NO_KEY = {};

    /** What is queued. */
    public enum Kind {
        /** One key. */
        INVALIDATE((byte) 'I'),
        /** The whole cache. */
        CLEAR((byte) 'C'),
        /** All entries with a tag. */
        TAG((byte) 'T');

        private final byte code;

        Kind(byte code) {
            this.code = code;
        }

        byte code() {
            return code;
        }
    }

    /** An invalidation of one key. */
    public static QueuedEvent invalidate(String cache, byte[] key) {
        return new QueuedEvent(Kind.INVALIDATE, cache, key);
    }

    /** An invalidation of all entries with a tag. */
    public static QueuedEvent tag(String cache, String tag) {
        return new QueuedEvent(Kind.TAG, cache, tag.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it concerns one key. */
    public boolean isOfKey() {
        return kind == Kind.INVALIDATE;
    }

    /** The tag. */
    public String tag() {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** A clear of a cache. */
    public static QueuedEvent clear(String cache) {
        return new QueuedEvent(Kind.CLEAR, cache, NO_KEY);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueuedEvent that
                && kind == that.kind
                && cache.equals(that.cache)
                && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + cache.hashCode()) + Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "QueuedEvent[kind=" + kind + ", cache=" + cache + ", keyBytes=" + key.length + "]";
    }
}
