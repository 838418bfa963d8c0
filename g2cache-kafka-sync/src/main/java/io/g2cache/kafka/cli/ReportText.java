package io.g2cache.kafka.cli;

import io.g2cache.kafka.TopicReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A topic's report for people. */
final class ReportText {
    private final PrintWriter out;

    ReportText(PrintWriter out) {
        this.out = out;
    }

    void print(TopicReport report) {
        head(report);
        settings(report);
        TopicReport.Materialiser current = current(report.materialisers());
        partitions(report, current);
        report.materialisers().forEach(this::materialiser);
        if (report.materialisers().isEmpty()) {
            out.println("materialiser: none to be seen; only nodes with an out tier have one");
        }
        report.notes().forEach(note -> out.println("note: " + Text.printable(note)));
    }

    private void head(TopicReport report) {
        out.println("topic       " + report.topic());
        out.println("topic id    " + report.topicId());
        out.println("generation  " + (report.generation() == null ? "not known" : report.generation()));
        out.println("partitions  " + report.partitions().size() + ", "
                + (report.pinned() == null ? "not pinned yet" : "pinned: " + report.pinned()));
        if (report.pinned() != null && report.pinned() < report.partitions().size()) {
            out.println("            nodes ignore those from " + report.pinned() + " on");
        }
        out.println();
    }

    private void settings(TopicReport report) {
        TextTable table = new TextTable("setting", "value", "verdict");
        for (TopicReport.Setting setting : report.settings()) {
            String problem = setting.problem();
            table.row(setting.name(), setting.value(), problem == null ? "ok" : "WRONG, needed: " + problem);
        }
        table.print(out);
        if (report.repair() != null) {
            out.println("mend it with:");
            out.println("  " + report.repair());
        }
        out.println();
    }

    /** The group that works; without one, that of the newest generation. */
    static TopicReport.@Nullable Materialiser current(List<TopicReport.Materialiser> groups) {
        return groups.stream()
                .filter(group -> !group.members().isEmpty())
                .findFirst()
                .orElse(groups.isEmpty() ? null : groups.get(groups.size() - 1));
    }

    private void partitions(TopicReport report, TopicReport.@Nullable Materialiser current) {
        TextTable table =
                new TextTable("partition", "leader", "replicas", "in sync", "start", "end", "size", "committed", "lag");
        long bytes = 0;
        long lag = 0;
        for (TopicReport.Partition partition : report.partitions()) {
            Long commit = current == null ? null : current.committed().get(partition.partition());
            bytes += Math.max(0, partition.bytes());
            lag += current == null ? 0 : current.lag(partition);
            table.row(
                    Integer.toString(partition.partition()),
                    partition.leader() < 0 ? "none" : Integer.toString(partition.leader()),
                    brokers(partition.replicas()),
                    brokers(partition.inSync()),
                    Text.number(partition.start()),
                    Text.number(partition.end()),
                    partition.bytes() < 0 ? "-" : Text.bytes(partition.bytes()),
                    commit == null ? "-" : Text.number(commit),
                    current == null ? "-" : Text.number(current.lag(partition)));
        }
        table.print(out);
        out.println("all partitions: size=" + Text.bytes(bytes) + ", materialiser lag=" + Text.number(lag));
        out.println();
    }

    private static String brokers(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private void materialiser(TopicReport.Materialiser group) {
        out.println("materialiser " + group.group() + ": " + group.state() + ", members="
                + group.members().size());
        for (TopicReport.Member member : group.members()) {
            out.println("  " + member.clientId() + " " + member.host() + " partitions=" + member.partitions());
        }
    }
}
