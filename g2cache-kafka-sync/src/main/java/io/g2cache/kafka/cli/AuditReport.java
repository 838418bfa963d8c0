package io.g2cache.kafka.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.g2cache.audit.AuditFinding;
import io.g2cache.audit.AuditedEntry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit has found, as text and as JSON. Immutable.
 *
 * @param nodes the nodes that were asked
 * @param keys the keys
 * @param outcome what is known of them
 * @param lasting how long a difference must last to count
 * @param keyFormat how keys are shown
 * @param nowMillis wall-clock milliseconds
 */
record AuditReport(
        Map<AuditNode, AuditNode.About> nodes,
        AuditKeys keys,
        AuditRun.Outcome outcome,
        Duration lasting,
        KeyFormat keyFormat,
        long nowMillis) {

    /** How many keys have a difference that the protocol forbids, and that has lasted. */
    long certain() {
        return outcome.differences().stream()
                .filter(difference -> difference.finding().isCertain() && difference.forMillis() >= lasting.toMillis())
                .map(AuditRun.Difference::key)
                .distinct()
                .count();
    }

    void print(PrintWriter out) {
        TextTable asked = new TextTable("node", "id", "state", "caches");
        nodes.forEach((node, about) ->
                asked.row(node.address(), about.id(), about.state(), Text.printable(String.join(",", about.caches()))));
        asked.print(out);
        out.println();
        List<AuditRun.Difference> differences = outcome.differences();
        if (!differences.isEmpty()) {
            TextTable table = new TextTable(
                    "cache", "key", "partition", "node", "tier", "wrong", "held", "other", "seen for", "at most since");
            differences.forEach(difference -> table.row(
                    Text.printable(difference.key().cache()),
                    shown(difference),
                    Integer.toString(difference.key().key().partition()),
                    difference.node().address(),
                    lower(difference.finding().tier()),
                    lower(difference.finding().kind()),
                    entry(difference.finding().held()),
                    other(difference.finding()),
                    Text.duration(Duration.ofMillis(difference.forMillis())),
                    age(difference)));
            table.print(out);
            out.println();
        }
        outcome.lost().values().stream().sorted().forEach(why -> out.println("left out: " + Text.printable(why)));
        if (outcome.behind() > 0) {
            out.println("not applied everywhere yet: " + Text.number(outcome.behind()) + " keys");
        }
        if (outcome.withoutValue() > 0) {
            out.println("compared by version and deadlines, not by value: " + Text.number(outcome.withoutValue())
                    + " keys (sealed, or their codec does not encode equal values to equal bytes)");
        }
        if (outcome.interrupted()) {
            out.println("interrupted: compared " + Text.number(outcome.compared()) + " of "
                    + Text.number(keys.size()) + " keys; what was seen for less than " + Text.duration(lasting)
                    + " may have been on its way");
        }
        out.println("differences: " + Text.number(certain()) + " of " + Text.number(outcome.compared()) + " keys");
    }

    private String shown(AuditRun.Difference difference) {
        return Text.printable(keyFormat.show(difference.key().key().bytes()));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String entry(AuditedEntry entry) {
        String hash = entry.hash().isPresent()
                ? " " + HexFormat.of().toHexDigits(entry.hash().getAsLong())
                : "";
        return lower(entry.kind()) + "@" + entry.version() + hash;
    }

    private static String other(AuditFinding finding) {
        AuditedEntry other = finding.other();
        return other == null ? "event@" + finding.version() : entry(other);
    }

    /** When the event was appended: the difference cannot be older. */
    private @Nullable Long eventMillis(AuditRun.Difference difference) {
        AuditKeys.Newest newest = keys.newest(difference.key());
        return newest != null
                        && newest.event().version() == difference.finding().version()
                ? (Long) newest.timeMillis()
                : null;
    }

    private String age(AuditRun.Difference difference) {
        Long event = eventMillis(difference);
        return event == null ? "-" : Text.duration(Duration.ofMillis(Math.max(0, nowMillis - event))) + " ago";
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("keys", keys.size())
                .put("compared", outcome.compared())
                .put("comparedWithoutValue", outcome.withoutValue())
                .put("notAppliedYet", outcome.behind())
                .put("interrupted", outcome.interrupted())
                .put("differences", certain());
        ArrayNode asked = json.putArray("nodes");
        nodes.forEach((node, about) -> {
            ObjectNode one = asked.addObject()
                    .put("address", node.address())
                    .put("id", about.id())
                    .put("state", about.state());
            String why = outcome.lost().get(node);
            if (why != null) {
                one.put("leftOut", why);
            }
        });
        ArrayNode found = json.putArray("found");
        for (AuditRun.Difference difference : outcome.differences()) {
            ObjectNode one = found.addObject()
                    .put("cache", difference.key().cache())
                    .put("key", keyFormat.show(difference.key().key().bytes()))
                    .put("partition", difference.key().key().partition())
                    .put("node", difference.node().address())
                    .put("tier", lower(difference.finding().tier()))
                    .put("wrong", lower(difference.finding().kind()))
                    .put("version", difference.finding().version())
                    .put("forMillis", difference.forMillis());
            Long event = eventMillis(difference);
            if (event != null) {
                one.put("atMostSince", Text.time(event));
            }
            put(one.putObject("held"), difference.finding().held());
            AuditedEntry other = difference.finding().other();
            if (other != null) {
                put(one.putObject("other"), other);
            }
        }
        return json;
    }

    private static void put(ObjectNode json, AuditedEntry entry) {
        json.put("kind", lower(entry.kind())).put("version", entry.version());
        entry.hash().ifPresent(hash -> json.put("hash", HexFormat.of().toHexDigits(hash)));
        if (entry.hardDeadline() > 0) {
            json.put("hardDeadline", Text.time(entry.hardDeadline()));
        }
    }
}
