package io.g2cache.audit;

import io.g2cache.crypto.Encryption;
import io.g2cache.spi.Entry;
import io.g2cache.spi.ValueFormat;
import java.util.OptionalLong;

/**
 * What a tier, or an event of the log, holds for a key; the value is known by its hash only. Immutable.
 *
 * @param kind what it is
 * @param version offset of the event, or stamp of the load, that produced it
 * @param softDeadline wall-clock milliseconds
 * @param hardDeadline wall-clock milliseconds
 * @param hash {@link ValueFormat#contentHash} of a value; empty where there is no value, where it is sealed, or belongs to a
 *     cache that seals its values and is told to others, or where its codec does not encode equal values to equal bytes
 * @param isUsable whether the node would serve it, as far as deadlines, floors and freshness go
 */
public record AuditedEntry(
        Entry.Kind kind, long version, long softDeadline, long hardDeadline, OptionalLong hash, boolean isUsable) {

    /** An entry with its stored bytes. Sealed ones have no hash: the same value is sealed to other bytes each time. */
    public static AuditedEntry of(Entry entry, boolean isUsable) {
        byte[] stored = entry.value();
        return new AuditedEntry(
                entry.kind(),
                entry.version(),
                entry.softDeadline(),
                entry.hardDeadline(),
                stored == null || Encryption.isSealed(stored)
                        ? OptionalLong.empty()
                        : OptionalLong.of(ValueFormat.contentHash(stored)),
                isUsable);
    }

    /** The same without its hash. */
    public AuditedEntry withoutHash() {
        return new AuditedEntry(kind, version, softDeadline, hardDeadline, OptionalLong.empty(), isUsable);
    }

    /** Whether it is a value that can be compared by version and deadlines only. */
    public boolean isUnknownValue() {
        return kind == Entry.Kind.VALUE && hash.isEmpty();
    }

    /** Whether both were produced by the same event or load: the deadlines tell those apart that share a version. */
    boolean hasOriginOf(AuditedEntry other) {
        return version == other.version && softDeadline == other.softDeadline && hardDeadline == other.hardDeadline;
    }

    /** Whether both are known not to hold the same. */
    boolean contradicts(AuditedEntry other) {
        return kind != other.kind || (hash.isPresent() && other.hash.isPresent() && !hash.equals(other.hash));
    }
}
