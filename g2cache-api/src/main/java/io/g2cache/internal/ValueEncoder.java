package io.g2cache.internal;

import io.g2cache.InvalidValueException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Turns a user's values into stored bytes and back, and refuses those that cannot be stored. Thread-safe. */
final class ValueEncoder<K, V> {
    private static final long[] NO_TAGS = {};

    private final String cache;
    private final ValueFormat<V> format;
    private final TagHashes<K, V> tags;
    private final int maximumBytes;
    private final StatsRecorder stats;
    private final LimitedLog log;

    ValueEncoder(
            String cache,
            ValueFormat<V> format,
            TagHashes<K, V> tags,
            int maximumBytes,
            StatsRecorder stats,
            LimitedLog log) {
        this.tags = tags;
        this.cache = cache;
        this.format = format;
        this.maximumBytes = maximumBytes;
        this.stats = stats;
        this.log = log;
    }

    /** The stored bytes of an entry, tags included. Throws {@link InvalidValueException}. */
    byte[] encode(K key, @Nullable V value) {
        if (value == null) {
            throw new InvalidValueException("cache=" + cache + ": the value is null");
        }
        return encode(value, tagsOf(key, value));
    }

    /** What others see of a tag. Throws {@link io.g2cache.InvalidTagException}. */
    String publishedTag(String tag) {
        return tags.published(tag);
    }

    private long[] tagsOf(K key, V value) {
        try {
            return tags.of(key, value);
        } catch (RuntimeException e) {
            throw new InvalidValueException("cache=" + cache + ": the value cannot be tagged: " + e.getMessage(), e);
        }
    }

    /** The value as another object. Throws {@link InvalidValueException}. */
    @Nullable
    V copy(V value) {
        Found<V> copy = decode(Entry.value(0, 0, 0, encode(value, NO_TAGS)));
        return copy == null ? null : copy.value();
    }

    private byte[] encode(V value, long[] hashes) {
        byte[] stored;
        try {
            stored = format.encode(value, hashes);
        } catch (RuntimeException e) {
            throw new InvalidValueException(
                    "cache=" + cache + ": codec=" + format.codec().id() + " cannot encode the value", e);
        }
        int bytes = stored.length - ValueFormat.headerBytes(hashes.length);
        if (bytes > maximumBytes) {
            throw new InvalidValueException("cache=" + cache + ": the encoded value has bytes=" + bytes
                    + ", which exceeds maximumValueBytes=" + maximumBytes);
        }
        return stored;
    }

    /** What the entry says, or null where its bytes are of another codec or schema, or malformed. */
    @Nullable
    Found<V> decode(Entry entry) {
        byte[] stored = entry.value();
        if (stored == null) {
            return new Found<>(null, entry);
        }
        try {
            V value = format.decode(ByteBuffer.wrap(stored));
            if (value != null) {
                return new Found<>(value, entry);
            }
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("cache=" + cache + ": stored bytes could not be decoded and are a miss", e);
        }
        stats.count(Counter.DECODE_FAILURE);
        return null;
    }
}
