package io.g2cache.internal;

import io.g2cache.crypto.Encryption;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.TimeSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Seals the values of one cache on their way to the log and the out tier, and opens those that come from there. What a value is
 * bound to, its context, is this, where all numbers are big-endian:
 *
 * <pre>
 * +----------+-------+----------+-------+-----------+-----------+-----+
 * | length   | cache | length   | codec | soft      | hard      | key |
 * | of cache | name  | of codec | id    | deadline  | deadline  |     |
 * | (1)      |       | id (1)   |       | (8)       | (8)       |     |
 * +----------+-------+----------+-------+-----------+-----------+-----+
 * </pre>
 *
 * Not the version, which a value gets only when the log has it. Thread-safe; nothing blocks.
 */
final class Seals {
    private final @Nullable Encryption encryption;
    private final String cache;
    private final byte[] prefix;
    private final StatsRecorder stats;
    private final LimitedLog log;

    /** Without encryption, everything goes through as it is. */
    Seals(@Nullable Encryption encryption, String cache, String codec, StatsRecorder stats, TimeSource time) {
        this.encryption = encryption;
        this.cache = cache;
        this.stats = stats;
        this.log = new LimitedLog(LoggerFactory.getLogger("io.g2cache.cache." + cache), time);
        byte[] name = cache.getBytes(StandardCharsets.US_ASCII);
        byte[] id = codec.getBytes(StandardCharsets.US_ASCII);
        this.prefix = ByteBuffer.allocate(2 + name.length + id.length)
                .put((byte) name.length)
                .put(name)
                .put((byte) id.length)
                .put(id)
                .array();
    }

    /** Whether there is anything to seal and open. */
    boolean isOn() {
        return encryption != null;
    }

    /** The entry as others may see it. */
    Entry seal(EncodedKey key, Entry entry) {
        byte[] value = entry.value();
        return encryption == null || value == null ? entry : with(entry, encryption.seal(value, context(key, entry)));
    }

    /** The entry as it was before it was sealed; where it does not open, a tombstone of its version. */
    Entry open(EncodedKey key, Entry entry) {
        byte[] stored = entry.value();
        if (encryption == null || stored == null) {
            return entry;
        }
        if (!Encryption.isSealed(stored)) {
            return encryption.acceptsPlaintext() ? entry : refuse(key, entry, "it is in plaintext");
        }
        try {
            return with(entry, encryption.open(stored, context(key, entry)));
        } catch (GeneralSecurityException e) {
            return refuse(key, entry, e.getMessage());
        }
    }

    private Entry refuse(EncodedKey key, Entry entry, @Nullable String reason) {
        stats.count(Counter.OPEN_FAILURE);
        log.error("cache=" + cache + " " + key + " version=" + entry.version()
                + ": a value of the log or the out tier cannot be opened and is a miss: " + reason);
        return Entry.tombstone(entry.version());
    }

    private static Entry with(Entry entry, byte[] value) {
        return Entry.value(entry.version(), entry.softDeadline(), entry.hardDeadline(), value);
    }

    private byte[] context(EncodedKey key, Entry entry) {
        return ByteBuffer.allocate(prefix.length + 2 * Long.BYTES + key.bytes().length)
                .put(prefix)
                .putLong(entry.softDeadline())
                .putLong(entry.hardDeadline())
                .put(key.bytes())
                .array();
    }
}
