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
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all keys on all nodes, and then again and again at those where something is wrong, until each difference has gone
 * or was seen untouched for long enough, from its first to its last sighting. A node that has not applied the newest event of a
 * key yet is looked at again too; one that stops answering is left out from then on, and what was seen there stands as it is.
 * When it is told to stop, it ends with what it knows. Used by one thread.
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
    private final LongConsumer pause;
    private final Set<AuditKeys.Key> compared = new HashSet<>();
    private final Set<AuditKeys.Key> withoutValue = new HashSet<>();
    private final Map<AuditNode, String> lost = new LinkedHashMap<>();
    private Map<Found, Watched> open = new LinkedHashMap<>();
    private Set<AuditKeys.Key> behind = new LinkedHashSet<>();
    private Map<AuditKeys.Key, Set<AuditNode>> looked = new HashMap<>();

    /** A difference on one node: the same one as long as nothing has touched what the tier holds. */
    private record Found(
            AuditNode node, AuditKeys.Key key, AuditFinding.Kind kind, AuditFinding.Tier tier, AuditedEntry held) {}

    /** When a difference was seen first and last, by the monotonic clock. */
    private record Watched(AuditFinding finding, long firstMillis, long lastMillis) {
        long forMillis() {
            return lastMillis - firstMillis;
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
     * @param lost why nodes that stopped answering did
     * @param differences what remains; where it was told to stop or a node stopped answering, also what was not watched for long
     *     enough
     */
    record Outcome(
            int compared,
            int withoutValue,
            int behind,
            boolean interrupted,
            Map<AuditNode, String> lost,
            List<Difference> differences) {}

    /**
     * A run that has not begun.
     *
     * @param pause waits for so many milliseconds, or until the session is told to stop
     */
    AuditRun(
            AuditKeys keys,
            Map<AuditNode, AuditNode.About> nodes,
            Duration lasting,
            Session session,
            LongConsumer pause) {
        this.keys = keys;
        this.nodes = nodes;
        this.lasting = lasting;
        this.session = session;
        this.time = session.time();
        this.pause = pause;
    }

    /** Looks until the end, or until it is told to stop. */
    Outcome run() {
        look(keys.byCache());
        long started = time.monotonicMillis();
        if (!isStopped() && !open.isEmpty()) {
            session.err()
                    .println("g2cache audit: watching what looks wrong, places=" + open.size() + ", for "
                            + Text.duration(lasting));
            session.err().flush();
        }
        while (!isStopped()
                && !isDone()
                && time.monotonicMillis() - started <= MOST_ROUNDS * lasting.toMillis() + PAUSE_MILLIS) {
            pause.accept(PAUSE_MILLIS);
            look(doubtful());
        }
        return outcome(isStopped());
    }

    private boolean isStopped() {
        return session.stop().requested();
    }

    private boolean isDone() {
        return lost.size() == nodes.size()
                || (behind.isEmpty()
                        && open.entrySet().stream()
                                .allMatch(
                                        found -> lost.containsKey(found.getKey().node()) || isRipe(found.getValue())));
    }

    private boolean isRipe(Watched watched) {
        return watched.forMillis() >= lasting.toMillis();
    }

    private Outcome outcome(boolean interrupted) {
        List<Difference> differences = open.entrySet().stream()
                .filter(found -> interrupted
                        || isRipe(found.getValue())
                        || lost.containsKey(found.getKey().node()))
                .map(found -> new Difference(
                        found.getKey().node(),
                        found.getKey().key(),
                        found.getValue().finding(),
                        found.getValue().forMillis()))
                .sorted(Comparator.comparing(
                                (Difference difference) -> difference.key().cache())
                        .thenComparing(difference -> difference.key().key().hash()))
                .toList();
        return new Outcome(
                compared.size(), withoutValue.size(), behind.size(), interrupted, Map.copyOf(lost), differences);
    }

    private Map<String, List<EncodedKey>> doubtful() {
        Map<String, List<EncodedKey>> again = new HashMap<>();
        Set<AuditKeys.Key> all = new LinkedHashSet<>(behind);
        open.keySet().forEach(found -> all.add(found.key()));
        all.forEach(key ->
                again.computeIfAbsent(key.cache(), cache -> new ArrayList<>()).add(key.key()));
        return again;
    }

    /** What a pass does not come to, as it is told to stop or a node does not answer, stays as it was. */
    private void look(Map<String, List<EncodedKey>> wanted) {
        Map<Found, Watched> before = open;
        Set<AuditKeys.Key> behindBefore = behind;
        open = new LinkedHashMap<>();
        behind = new LinkedHashSet<>();
        looked = new HashMap<>();
        wanted.forEach((cache, all) -> {
            for (int from = 0; from < all.size() && !isStopped(); from += KEYS_AT_ONCE) {
                lookAtSome(cache, all.subList(from, Math.min(all.size(), from + KEYS_AT_ONCE)), before);
            }
        });
        before.forEach((found, watched) -> {
            if (!looked.getOrDefault(found.key(), Set.of()).contains(found.node())) {
                open.putIfAbsent(found, watched);
            }
        });
        behindBefore.stream().filter(key -> !looked.containsKey(key)).forEach(behind::add);
    }

    private void lookAtSome(String cache, List<EncodedKey> some, Map<Found, Watched> before) {
        Map<AuditNode, List<AuditedKey>> seen = new LinkedHashMap<>();
        nodes.forEach((node, about) -> {
            if (about.caches().contains(cache) && !lost.containsKey(node) && !isStopped()) {
                try {
                    seen.put(node, node.look(about, cache, some));
                } catch (CliException e) {
                    if (!isStopped()) {
                        lost.put(node, String.valueOf(e.getMessage()));
                    }
                }
            }
        });
        for (int i = 0; i < some.size() && !seen.isEmpty(); i++) {
            int place = i;
            Map<AuditNode, AuditedKey> answers = new LinkedHashMap<>();
            seen.forEach((node, list) -> answers.put(node, list.get(place)));
            judge(new AuditKeys.Key(cache, some.get(i)), answers, before);
        }
    }

    private void judge(AuditKeys.Key key, Map<AuditNode, AuditedKey> answers, Map<Found, Watched> before) {
        AuditKeys.Newest newest = keys.newest(key);
        AuditEvent event = newest == null ? null : newest.event();
        compared.add(key);
        looked.put(key, answers.keySet());
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
            findings.forEach(finding -> note(node, key, finding, before));
            if (event != null && AuditRules.isBehind(seen, event)) {
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

    private void note(AuditNode node, AuditKeys.Key key, AuditFinding finding, Map<Found, Watched> before) {
        Found found = new Found(node, key, finding.kind(), finding.tier(), finding.held());
        Watched known = before.get(found);
        long now = time.monotonicMillis();
        open.putIfAbsent(found, new Watched(finding, known == null ? now : known.firstMillis(), now));
    }
}
