package io.g2cache.kafka.cli;

import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditFinding;
import io.g2cache.audit.AuditRules;
import io.g2cache.audit.AuditedKey;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks at all keys on all nodes, and then again and again at those where something is wrong, until each difference has gone
 * or was there for long enough. A node that has not applied the newest event of a key yet is looked at again too. Used by one
 * thread.
 */
final class AuditRun {
    private static final long PAUSE_MILLIS = 500;
    /** For differences that come up only after the first look, and for nodes that lag. */
    private static final int MOST_ROUNDS = 3;

    private final AuditKeys keys;
    private final Map<AuditNode, AuditNode.About> nodes;
    private final Duration lasting;
    private final TimeSource time;
    private final BooleanSupplier stopped;
    private final CountDownLatch never = new CountDownLatch(1);
    private Map<Found, Long> open = new LinkedHashMap<>();
    private Map<AuditKeys.Key, Boolean> behind = new LinkedHashMap<>();

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

    AuditRun(
            AuditKeys keys,
            Map<AuditNode, AuditNode.About> nodes,
            Duration lasting,
            TimeSource time,
            BooleanSupplier stopped) {
        this.keys = keys;
        this.nodes = nodes;
        this.lasting = lasting;
        this.time = time;
        this.stopped = stopped;
    }

    /** The differences that were there for as long as asked for. */
    List<Difference> run() {
        long started = time.monotonicMillis();
        look(keys.byCache());
        while (!open.isEmpty() || !behind.isEmpty()) {
            long now = time.monotonicMillis();
            boolean isRipe =
                    behind.isEmpty() && open.values().stream().allMatch(since -> now - since >= lasting.toMillis());
            if (isRipe || now - started > MOST_ROUNDS * lasting.toMillis() + PAUSE_MILLIS) {
                break;
            }
            pause();
            if (stopped.getAsBoolean()) {
                throw new CliException("interrupted before the end was reached");
            }
            look(doubtful());
        }
        long now = time.monotonicMillis();
        return open.entrySet().stream()
                .filter(found -> now - found.getValue() >= lasting.toMillis())
                .map(found -> new Difference(
                        found.getKey().node(),
                        found.getKey().key(),
                        found.getKey().finding(),
                        now - found.getValue()))
                .sorted(Comparator.comparing(
                                (Difference difference) -> difference.key().cache())
                        .thenComparing(difference -> difference.key().key().hash()))
                .toList();
    }

    /** How many keys some node or the materialisers had not applied the newest event of to the end. */
    int behind() {
        return behind.size();
    }

    private Map<String, List<EncodedKey>> doubtful() {
        Map<String, List<EncodedKey>> again = new HashMap<>();
        List<AuditKeys.Key> all = new ArrayList<>(behind.keySet());
        open.keySet().forEach(found -> all.add(found.key()));
        all.stream()
                .distinct()
                .forEach(key -> again.computeIfAbsent(key.cache(), cache -> new ArrayList<>())
                        .add(key.key()));
        return again;
    }

    private void look(Map<String, List<EncodedKey>> wanted) {
        Map<Found, Long> before = open;
        open = new LinkedHashMap<>();
        behind = new LinkedHashMap<>();
        wanted.forEach((cache, all) -> {
            Map<AuditNode, List<AuditedKey>> seen = new LinkedHashMap<>();
            nodes.forEach((node, about) -> {
                if (about.caches().contains(cache)) {
                    seen.put(node, node.look(cache, all));
                }
            });
            for (int i = 0; i < all.size(); i++) {
                int place = i;
                Map<AuditNode, AuditedKey> answers = new LinkedHashMap<>();
                seen.forEach((node, list) -> answers.put(node, list.get(place)));
                judge(new AuditKeys.Key(cache, all.get(i)), answers, before);
            }
        });
    }

    private void judge(AuditKeys.Key key, Map<AuditNode, AuditedKey> answers, Map<Found, Long> before) {
        AuditKeys.Newest newest = keys.newest(key);
        AuditEvent event = newest == null ? null : newest.event();
        answers.forEach((node, seen) -> {
            List<AuditFinding> findings = new ArrayList<>(AuditRules.findings(seen, event));
            answers.forEach((otherNode, other) -> {
                if (otherNode != node) {
                    findings.addAll(AuditRules.between(seen, other, event));
                }
            });
            findings.forEach(finding -> note(new Found(node, key, finding), before));
            if (event != null && isBehind(seen, event)) {
                behind.put(key, true);
            }
        });
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
