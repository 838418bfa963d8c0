package io.g2cache.audit;

import org.jspecify.annotations.Nullable;

/**
 * A difference, as seen once. It counts only if it is seen again when everything that was under way has
 * ended.
 *
 * @param kind what is wrong
 * @param tier where
 * @param held what the tier holds
 * @param version version of the event that is missed, or of the entries that differ
 * @param other what the same version is elsewhere; null for {@link Kind#STALE}
 */
public record AuditFinding(
        Kind kind,
        Tier tier,
        AuditedEntry held,
        long version,
        @Nullable AuditedEntry other) {
    /** What can be wrong. */
    public enum Kind {
        /** A tier serves what is older than an event that it has applied. */
        STALE,
        /** The value of an event is not the one that the log has. */
        DIFFERS,
        /**
         * Two tiers have other values under the same version and deadlines. Two loads that end in the same millisecond, while
         * the source changes, do that too, so this is worth a look and proves nothing.
         */
        UNLIKE
    }

    /** Whether the protocol forbids it. */
    public boolean isCertain() {
        return kind != Kind.UNLIKE;
    }

    /** The same without the hashes of the values. */
    public AuditFinding withoutHashes() {
        return new AuditFinding(kind, tier, held.withoutHash(), version, other == null ? null : other.withoutHash());
    }

    /** Where. */
    public enum Tier {
        /** The node's own tier. */
        LOCAL,
        /** The shared tier. */
        OUT
    }

    /** Whether an earlier look has found the same: nothing has touched the entry since. */
    public boolean isStill(AuditFinding earlier) {
        return kind == earlier.kind && tier == earlier.tier && held.equals(earlier.held);
    }
}
