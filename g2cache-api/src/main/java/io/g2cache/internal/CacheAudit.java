package io.g2cache.internal;

import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the tiers of one cache hold, for auditors. Thread-safe. */
final class CacheAudit<K, V> {
    private final KeySpace space;
    private final UnaryOperator<byte[]> published;
    private final ValueFormat<V> format;
    private final Tiers<K, V> tiers;
    private final FillFence fence;
    private final Sequencer sequencer;
    private final BooleanSupplier isUpToDate;
    private final TimeSource time;
    private final LimitedLog log;
    private final PutNotes notes;

    /**
     * What auditors see of a cache.
     *
     * @param published gives the bytes by which the tiers and the log know a key
     * @param isUpToDate whether the local tier accounts for every event that the node has applied
     */
    CacheAudit(
            KeySpace space,
            UnaryOperator<byte[]> published,
            ValueFormat<V> format,
            Tiers<K, V> tiers,
            NodeParts node,
            BooleanSupplier isUpToDate,
            NodeOptions options,
            LimitedLog log) {
        this.space = space;
        this.published = published;
        this.format = format;
        this.tiers = tiers;
        this.fence = node.fence();
        this.sequencer = node.sequencer();
        this.isUpToDate = isUpToDate;
        this.time = options.time();
        this.log = log;
        this.notes = new PutNotes(Math.min(1, options.auditKeysPerSecond()));
    }

    /** The tailer has applied an event, with what it has brought in plaintext. */
    void applied(EncodedKey key, Entry entry) {
        notes.add(key, entry);
    }

    /** Some of the puts that were applied since the last call, which made room for them as this one does. Called by one thread. */
    Map<EncodedKey, AuditEvent> puts(int more) {
        Map<EncodedKey, AuditEvent> puts = new LinkedHashMap<>();
        notes.take(more).forEach(note -> puts.put(note.key(), event(note.entry())));
        return puts;
    }

    /** A local tier's value is encoded anew to be compared, so that of a put is known only if that gives the same bytes. */
    private AuditEvent event(Entry put) {
        AuditedEntry known = AuditedEntry.of(put, true);
        V value = decoded(put);
        boolean isKnown = value != null && known.hash().equals(hash(value));
        return new AuditEvent(put.version(), isKnown ? known : known.withoutHash());
    }

    private @Nullable V decoded(Entry put) {
        byte[] stored = put.value();
        try {
            return stored == null ? null : format.decode(ByteBuffer.wrap(stored));
        } catch (Throwable e) {
            log.warn("a value could not be decoded for an audit", e);
            return null;
        }
    }

    /** Whether the values are secret. */
    boolean isSealed() {
        return tiers.seals().isOn();
    }

    byte[] publishedKey(byte[] bytes) {
        return published.apply(bytes);
    }

    EncodedKey key(byte[] bytes) {
        return space.key(bytes);
    }

    List<EncodedKey> sample(int most) {
        return tiers.local().sample(most);
    }

    /** Never completes exceptionally. What the node knows is read before the tiers, which therefore can only be newer. */
    CompletableFuture<AuditedKey> look(EncodedKey key) {
        int partition = key.partition();
        long position = sequencer.position().offset(partition);
        LogPosition commit = fence.committed();
        long committed = commit == null ? -1 : commit.offset(partition);
        long recent = fence.newest(key);
        boolean upToDate = isUpToDate.getAsBoolean();
        AuditedEntry local = local(key, upToDate);
        return tiers.out()
                .read(key)
                .thenApply(slot -> new AuditedKey(partition, position, committed, recent, local, out(key, slot)));
    }

    private @Nullable AuditedEntry local(EncodedKey key, boolean upToDate) {
        LocalEntry<V> held = tiers.peek(key);
        if (held == null) {
            return null;
        }
        long now = time.wallMillis();
        V value = held.value();
        return new AuditedEntry(
                value == null ? Entry.Kind.ABSENT : Entry.Kind.VALUE,
                held.version(),
                held.softDeadline(),
                held.hardDeadline(),
                value == null ? OptionalLong.empty() : hash(value),
                upToDate && now < held.hardDeadline() && tiers.gate().isOpen(now));
    }

    /** The tier holds the value decoded; its bytes can be compared only if its codec gives the same ones each time. */
    private OptionalLong hash(V value) {
        try {
            byte[] bytes = format.encode(value);
            V again = format.decode(ByteBuffer.wrap(bytes));
            return again != null && Arrays.equals(bytes, format.encode(again))
                    ? OptionalLong.of(ValueFormat.contentHash(bytes))
                    : OptionalLong.empty();
        } catch (Throwable e) {
            log.warn("a value could not be encoded for an audit", e);
            return OptionalLong.empty();
        }
    }

    private @Nullable AuditedEntry out(EncodedKey key, @Nullable OutSlot slot) {
        Entry entry = slot == null ? null : slot.entry();
        return slot == null || entry == null
                ? null
                : AuditedEntry.of(entry, tiers.out().isAlive(key, slot, time.wallMillis()));
    }
}
