package io.g2cache.kafka.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.g2cache.kafka.TopicReport;
import java.util.List;

/** A topic's report as JSON. */
final class ReportJson {
    private ReportJson() {}

    static ObjectNode of(TopicReport report) {
        ObjectNode json = Json.object();
        json.put("topic", report.topic());
        json.put("topicId", report.topicId());
        json.put("generation", report.generation());
        json.put("pinnedPartitions", report.pinned());
        json.put("settingsOk", report.repair() == null);
        ArrayNode settings = json.putArray("settings");
        for (TopicReport.Setting setting : report.settings()) {
            settings.addObject()
                    .put("name", setting.name())
                    .put("value", setting.value())
                    .put("ok", setting.problem() == null)
                    .put("needed", setting.problem());
        }
        json.put("repair", report.repair());
        ArrayNode partitions = json.putArray("partitions");
        report.partitions().forEach(partition -> partition(partitions.addObject(), partition));
        ArrayNode groups = json.putArray("materialisers");
        report.materialisers().forEach(group -> materialiser(groups.addObject(), group, report.partitions()));
        ArrayNode notes = json.putArray("notes");
        report.notes().forEach(notes::add);
        return json;
    }

    private static void partition(ObjectNode json, TopicReport.Partition partition) {
        json.put("partition", partition.partition()).put("leader", partition.leader());
        numbers(json.putArray("replicas"), partition.replicas());
        numbers(json.putArray("inSync"), partition.inSync());
        json.put("start", partition.start()).put("end", partition.end());
        if (partition.bytes() >= 0) {
            json.put("bytes", partition.bytes());
        }
    }

    private static void materialiser(
            ObjectNode json, TopicReport.Materialiser group, List<TopicReport.Partition> partitions) {
        json.put("group", group.group()).put("state", group.state());
        ArrayNode members = json.putArray("members");
        for (TopicReport.Member member : group.members()) {
            ObjectNode node =
                    members.addObject().put("clientId", member.clientId()).put("host", member.host());
            numbers(node.putArray("partitions"), member.partitions());
        }
        ArrayNode progress = json.putArray("progress");
        for (TopicReport.Partition partition : partitions) {
            progress.addObject()
                    .put("partition", partition.partition())
                    .put("committed", group.committed().get(partition.partition()))
                    .put("lag", group.lag(partition));
        }
    }

    private static void numbers(ArrayNode array, List<Integer> values) {
        values.forEach(array::add);
    }
}
