package io.g2cache.audit;

import org.jspecify.annotations.Nullable;

/**
 * What one node holds and knows for a key. Immutable. Position, commit and recent version were read before the tiers.
 *
 * @param partition partition of the key
 * @param position the next offset of the partition that the node applies; 0 without a log
 * @param committed what the materialisers have committed in the partition, as last heard; -1 where that is not known
 * @param recent version of the newest event of the key that the node remembers; {@link Long#MIN_VALUE} if none
 * @param local what the local tier holds; null if nothing
 * @param out value, known absence or tombstone in the out tier; null if none, or if the tier did not answer
 */
public record AuditedKey(
        int partition,
        long position,
        long committed,
        long recent,
        @Nullable AuditedEntry local,
        @Nullable AuditedEntry out) {
    /** The same without the hashes of the values. */
    public AuditedKey withoutHashes() {
        return new AuditedKey(
                partition,
                position,
                committed,
                recent,
                local == null ? null : local.withoutHash(),
                out == null ? null : out.withoutHash());
    }
}
