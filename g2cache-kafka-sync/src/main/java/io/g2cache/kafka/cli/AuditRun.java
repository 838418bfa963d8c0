package io.g2cache.kafka.cli;

import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditFinding;
import io.g2cache.audit.AuditRules;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all keys on all nodes, and then again and again at those where something is wrong, until each difference has gone
 * or was there for long enough. A node that has not applied the newest event of a key yet is looked at again too. When it is
 * told to stop, it ends with what it knows. Used by one thread.
 */
final class AuditRun {
    private static final long PAUSE_MILLIS = 500;
    /** For differences that come up only after the first look, and for nodes that lag. */
    private static final int MOST_ROUNDS = 3;
    /** So many keys are asked of all nodes before they are compared. */
    private static final int KEYS_AT_ONCE = 1_000;

    private final AuditKeys keys;
    private final Map<AuditNode, AuditNode.About> nodes;
    private final Duration lasting;
    private final Session session;
    private final TimeSource time;
    private final CountDownLatch never = new CountDownLatch(1);
    private final Set<AuditKeys.Key> compared = new HashSet<>();
    private final Set<AuditKeys.Key> withoutValue = new HashSet<>();
    private Map<Found, Long> open = new LinkedHashMap<>();
    private Set<AuditKeys.Key> behind = new LinkedHashSet<>();

    /** A difference on one node. */
    private record Found(AuditNode node, AuditKeys.Key key, AuditFinding finding) {
        boolean isStill(Found other) {
            return node == other.node && key.equals(other.key) && finding.isStill(other.finding);
        }
    }

    /**
     * A difference that remains.
     *
     * @param node address of the node
     * @param key the key
     * @param finding what is wrong
     * @param forMillis how long it was watched
     */
    record Difference(AuditNode node, AuditKeys.Key key, AuditFinding finding, long forMillis) {}

    /**
     * What is known at the end.
     *
     * @param compared how many keys were compared
     * @param withoutValue how many of them by version and deadlines only, as some value of theirs is sealed, or is encoded to
     *     other bytes each time
     * @param behind how many have an event that some tier had not applied to the end
     * @param interrupted whether it was told to stop before the end
     * @param differences what remains; where it was told to stop, also what was not watched for long enough
     */
    record Outcome(int compared, int withoutValue, int behind, boolean interrupted, List<Difference> differences) {}

    AuditRun(AuditKeys keys, Map<AuditNode, AuditNode.About> nodes, Duration lasting, Session session) {
        this.keys = keys;
        this.nodes = nodes;
        this.lasting = lasting;
        this.session = session;
        this.time = session.time();
    }

    /** Looks until the end, or until it is told to stop. */
    Outcome run() {
        long started = time.monotonicMillis();
        look(keys.byCache());
        if (!isStopped() && !open.isEmpty()) {
            session.err()
                    .println("g2cache audit: watching what looks wrong, places=" + open.size() + ", for "
                            + Text.duration(lasting));
            session.err().flush();
        }
        while (!isStopped() && !(open.isEmpty() && behind.isEmpty())) {
            long now = time.monotonicMillis();
            boolean isRipe =
                    behind.isEmpty() && open.values().stream().allMatch(since -> now - since >= lasting.toMillis());
            if (isRipe || now - started > MOST_ROUNDS * lasting.toMillis() + PAUSE_MILLIS) {
                break;
            }
            pause();
            look(doubtful());
        }
        return outcome(isStopped());
    }

    private boolean isStopped() {
        return session.stop().requested();
    }

    private Outcome outcome(boolean interrupted) {
        long now = time.monotonicMillis();
        List<Difference> differences = open.entrySet().stream()
                .filter(found -> interrupted || now - found.getValue() >= lasting.toMillis())
                .map(found -> new Difference(
                        found.getKey().node(),
                        found.getKey().key(),
                        found.getKey().finding(),
                        now - found.getValue()))
                .sorted(Comparator.comparing(
                                (Difference difference) -> difference.key().cache())
                        .thenComparing(difference -> difference.key().key().hash()))
                .toList();
        return new Outcome(compared.size(), withoutValue.size(), behind.size(), interrupted, differences);
    }

    private Map<String, List<EncodedKey>> doubtful() {
        Map<String, List<EncodedKey>> again = new HashMap<>();
        Set<AuditKeys.Key> all = new LinkedHashSet<>(behind);
        open.keySet().forEach(found -> all.add(found.key()));
        all.forEach(key ->
                again.computeIfAbsent(key.cache(), cache -> new ArrayList<>()).add(key.key()));
        return again;
    }

    private void look(Map<String, List<EncodedKey>> wanted) {
        Map<Found, Long> before = open;
        Set<AuditKeys.Key> behindBefore = behind;
        open = new LinkedHashMap<>();
        behind = new LinkedHashSet<>();
        wanted.forEach((cache, all) -> {
            for (int from = 0; from < all.size() && !isStopped(); from += KEYS_AT_ONCE) {
                lookAtSome(cache, all.subList(from, Math.min(all.size(), from + KEYS_AT_ONCE)), before);
            }
        });
        if (isStopped()) {
            before.forEach((found, since) -> {
                if (open.keySet().stream().noneMatch(found::isStill)) {
                    open.put(found, since);
                }
            });
            behind.addAll(behindBefore);
        }
    }

    private void lookAtSome(String cache, List<EncodedKey> some, Map<Found, Long> before) {
        Map<AuditNode, List<AuditedKey>> seen = new LinkedHashMap<>();
        nodes.forEach((node, about) -> {
            if (about.caches().contains(cache)) {
                seen.put(node, node.look(cache, some));
            }
        });
        for (int i = 0; i < some.size(); i++) {
            int place = i;
            Map<AuditNode, AuditedKey> answers = new LinkedHashMap<>();
            seen.forEach((node, list) -> answers.put(node, list.get(place)));
            judge(new AuditKeys.Key(cache, some.get(i)), answers, before);
        }
    }

    private void judge(AuditKeys.Key key, Map<AuditNode, AuditedKey> answers, Map<Found, Long> before) {
        AuditKeys.Newest newest = keys.newest(key);
        AuditEvent event = newest == null ? null : newest.event();
        compared.add(key);
        if (isUnknownValue(event == null ? null : event.value())
                || answers.values().stream().anyMatch(AuditRun::hasUnknownValue)) {
            withoutValue.add(key);
        }
        answers.forEach((node, seen) -> {
            List<AuditFinding> findings = new ArrayList<>(AuditRules.findings(seen, event));
            answers.forEach((otherNode, other) -> {
                if (otherNode != node) {
                    findings.addAll(AuditRules.between(seen, other, event));
                }
            });
            findings.forEach(finding -> note(new Found(node, key, finding), before));
            if (event != null && isBehind(seen, event)) {
                behind.add(key);
            }
        });
    }

    private static boolean hasUnknownValue(AuditedKey seen) {
        return isUnknownValue(seen.local()) || isUnknownValue(seen.out());
    }

    private static boolean isUnknownValue(@Nullable AuditedEntry entry) {
        return entry != null && entry.isUsable() && entry.isUnknownValue();
    }

    /** What is held is older than the event, which has not been applied yet. */
    private static boolean isBehind(AuditedKey seen, AuditEvent event) {
        var local = seen.local();
        var out = seen.out();
        return (local != null
                        && local.isUsable()
                        && local.version() < event.version()
                        && seen.position() <= event.version())
                || (out != null
                        && out.isUsable()
                        && out.version() < event.version()
                        && seen.committed() <= event.version());
    }

    private void note(Found found, Map<Found, Long> before) {
        if (open.keySet().stream().anyMatch(found::isStill)) {
            return;
        }
        long since = time.monotonicMillis();
        for (Map.Entry<Found, Long> known : before.entrySet()) {
            if (found.isStill(known.getKey())) {
                since = known.getValue();
            }
        }
        open.put(found, since);
    }

    private void pause() {
        try {
            var unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted before the end was reached", e);
        }
    }
}
