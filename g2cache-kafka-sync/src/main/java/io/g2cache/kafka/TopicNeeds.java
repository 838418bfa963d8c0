package io.g2cache.kafka;

import io.g2cache.spi.LogContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the protocol needs of the topic's settings. Immutable.
 *
 * @param retentionMillis shortest retention of a topic that deletes
 * @param messageBytes smallest limit of a record batch
 */
record TopicNeeds(long retentionMillis, int messageBytes) {
    /** What clocks of brokers and nodes may differ, and then some. */
    static final Duration CLOCK_MARGIN = Duration.ofHours(1);

    private static final long UNLIMITED = -1;

    static TopicNeeds of(LogContext context) {
        Duration kept = context.maximumRetention().plus(context.fenceWindow()).plus(CLOCK_MARGIN);
        return new TopicNeeds(kept.toMillis(), context.maximumEventBytes() + ClientConfigs.BATCH_OVERHEAD_BYTES);
    }

    /** Copies that must have a record before it counts as written: as many as leave one broker free to fail. */
    static int minInSync(int replicas) {
        return replicas >= 3 ? 2 : 1;
    }

    /** Settings of a topic that is created. */
    Map<String, String> settings(int replicas) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cleanup.policy", "compact,delete");
        settings.put("retention.ms", Long.toString(retentionMillis));
        settings.put("retention.bytes", Long.toString(UNLIMITED));
        settings.put("min.insync.replicas", Integer.toString(minInSync(replicas)));
        settings.put("unclean.leader.election.enable", "false");
        settings.put("max.message.bytes", Integer.toString(messageBytes));
        settings.put("message.timestamp.type", "LogAppendTime");
        return settings;
    }

    /** A setting that is not as needed. */
    record Problem(String setting, String value, String needed, String repair) {
        @Override
        public String toString() {
            return setting + "=" + value + ", needed: " + needed;
        }
    }

    /** Everything wrong with a topic. */
    List<Problem> problems(Map<String, String> actual, int replicas) {
        List<Problem> problems = new ArrayList<>();
        Set<String> policy = List.of(actual.getOrDefault("cleanup.policy", "").split(",")).stream()
                .map(String::strip)
                .collect(Collectors.toSet());
        if (!policy.contains("compact")) {
            problems.add(new Problem(
                    "cleanup.policy",
                    actual.getOrDefault("cleanup.policy", ""),
                    "compact,delete or compact",
                    "[compact,delete]"));
        }
        if (!policy.equals(Set.of("compact"))) {
            checkRetention(actual, problems);
        }
        int least = minInSync(replicas);
        long inSync = number(actual, "min.insync.replicas");
        if (inSync < least || inSync > replicas) {
            problems.add(problem(actual, "min.insync.replicas", least + " to " + replicas, Integer.toString(least)));
        }
        checkEquals(actual, "unclean.leader.election.enable", "false", problems);
        if (number(actual, "max.message.bytes") < messageBytes) {
            problems.add(
                    problem(actual, "max.message.bytes", "at least " + messageBytes, Integer.toString(messageBytes)));
        }
        checkEquals(actual, "message.timestamp.type", "LogAppendTime", problems);
        return problems;
    }

    private void checkRetention(Map<String, String> actual, List<Problem> problems) {
        long retention = number(actual, "retention.ms");
        if (retention != UNLIMITED && retention < retentionMillis) {
            problems.add(problem(
                    actual,
                    "retention.ms",
                    "at least " + retentionMillis + " (longest life of an entry, fence window, clock margin)",
                    Long.toString(retentionMillis)));
        }
        checkEquals(actual, "retention.bytes", Long.toString(UNLIMITED), problems);
    }

    private static void checkEquals(Map<String, String> actual, String name, String needed, List<Problem> problems) {
        if (!needed.equals(actual.get(name))) {
            problems.add(problem(actual, name, needed, needed));
        }
    }

    private static Problem problem(Map<String, String> actual, String name, String needed, String repair) {
        return new Problem(name, actual.getOrDefault(name, ""), needed, repair);
    }

    private static long number(Map<String, String> actual, String name) {
        String text = actual.getOrDefault(name, "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalStateException("topic setting is no number, " + name + "=" + text, e);
        }
    }
}
