package io.g2cache.audit;

import io.g2cache.audit.AuditFinding.Kind;
import io.g2cache.audit.AuditFinding.Tier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When tiers contradict the log or each other.
 *
 * <p>A node that has applied an event holds nothing older for its key: what is as new carries the event's version or a stamp
 * that is not below it. The same goes for the out tier once the materialisers have committed beyond the event, but for a clear
 * only when the node has applied it too: it raises a floor, and kills no entry one by one. A load may
 * carry the version of an event without being its value, and two loads the same stamp, so values are compared only where
 * version and both deadlines agree.
 */
public final class AuditRules {
    private AuditRules() {}

    /**
     * What is wrong with what a node holds for a key.
     *
     * @param newest the newest known event of the key; null if none is
     */
    public static List<AuditFinding> findings(AuditedKey seen, @Nullable AuditEvent newest) {
        List<AuditFinding> found = new ArrayList<>();
        AuditedEntry local = usable(seen.local());
        AuditedEntry out = usable(seen.out());
        if (newest != null) {
            against(newest, Tier.LOCAL, local, seen.position(), found);
            against(newest, Tier.OUT, out, appliedToOut(seen), found);
        }
        if (local != null && out != null && !isKnown(local, newest)) {
            compare(Kind.UNLIKE, Tier.LOCAL, local, out, found);
        }
        return found;
    }

    /** The first offset whose event the node's view of the out tier may lack: the tier's own, or that of its floors. */
    private static long appliedToOut(AuditedKey seen) {
        return Math.min(seen.position(), seen.committed());
    }

    /**
     * Whether the node holds something older than the newest known event of the key, which it or the materialisers have not
     * applied yet.
     */
    public static boolean isBehind(AuditedKey seen, AuditEvent newest) {
        return isBehind(usable(seen.local()), seen.position(), newest)
                || isBehind(usable(seen.out()), appliedToOut(seen), newest);
    }

    private static boolean isBehind(@Nullable AuditedEntry held, long applied, AuditEvent newest) {
        return held != null && held.version() < newest.version() && applied <= newest.version();
    }

    /**
     * What is wrong between the local tiers of two nodes.
     *
     * @param other what the other node's tier holds for the same key
     * @param newest the newest known event of the key; null if none is
     */
    public static List<AuditFinding> between(AuditedKey seen, AuditedKey other, @Nullable AuditEvent newest) {
        List<AuditFinding> found = new ArrayList<>();
        AuditedEntry here = usable(seen.local());
        AuditedEntry there = usable(other.local());
        if (here != null && there != null && !isKnown(here, newest)) {
            compare(Kind.UNLIKE, Tier.LOCAL, here, there, found);
        }
        return found;
    }

    /** Whether the event tells which of two entries is right: then each is compared with it. */
    private static boolean isKnown(AuditedEntry entry, @Nullable AuditEvent newest) {
        return newest != null && newest.value() != null && newest.version() == entry.version();
    }

    private static @Nullable AuditedEntry usable(@Nullable AuditedEntry entry) {
        return entry != null && entry.isUsable() ? entry : null;
    }

    private static void against(
            AuditEvent event, Tier tier, @Nullable AuditedEntry held, long applied, List<AuditFinding> found) {
        if (held == null || applied <= event.version()) {
            return;
        }
        AuditedEntry value = event.value();
        if (held.version() < event.version()) {
            found.add(new AuditFinding(Kind.STALE, tier, held, event.version(), null));
        } else if (value != null) {
            compare(Kind.DIFFERS, tier, held, value, found);
        }
    }

    private static void compare(Kind kind, Tier tier, AuditedEntry held, AuditedEntry other, List<AuditFinding> found) {
        if (held.hasOriginOf(other) && held.contradicts(other)) {
            found.add(new AuditFinding(kind, tier, held, held.version(), other));
        }
    }
}
