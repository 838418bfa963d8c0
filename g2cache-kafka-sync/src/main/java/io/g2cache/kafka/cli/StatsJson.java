package io.g2cache.kafka.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The statistics as JSON. */
final class StatsJson {
    private StatsJson() {}

    static ObjectNode of(String topic, LogStatistics statistics, KeyFormat keys) {
        Tally tally = statistics.tally();
        ObjectNode json = Json.object().put("topic", topic);
        json.put("records", tally.records()).put("bytes", tally.bytes()).put("unreadable", tally.unreadable());
        json.put("recordKeys", statistics.keys())
                .put("keyLimit", statistics.keyLimit())
                .put("keyLimitReached", statistics.limitReached());
        ArrayNode groups = json.putArray("groups");
        for (Tally.Group group : tally.sorted()) {
            groups.addObject()
                    .put("cache", group.cache())
                    .put("kind", group.kind())
                    .put("records", group.records())
                    .put("bytes", group.bytes())
                    .put("keys", group.records() - group.superseded())
                    .put("superseded", group.superseded())
                    .put("supersededBytes", group.supersededBytes())
                    .put("oldest", Text.time(group.oldestMillis()))
                    .put("newest", Text.time(group.newestMillis()));
        }
        largest(json.putArray("largestKeys"), statistics.largestKeys().items(), keys);
        largest(json.putArray("largestValues"), statistics.largestValues().items(), keys);
        ArrayNode minutes = json.putArray("perMinute");
        for (int i = 0; i < statistics.minutes(); i++) {
            minutes.addObject()
                    .put("minute", Text.time(statistics.minuteMillis(i)))
                    .put("records", statistics.inMinute(i));
        }
        return json;
    }

    private static void largest(ArrayNode array, List<Largest.Item> items, KeyFormat keys) {
        for (Largest.Item item : items) {
            array.addObject()
                    .put("bytes", item.bytes())
                    .put("partition", item.partition())
                    .put("offset", item.offset())
                    .put("cache", item.cache())
                    .put("key", keys.show(item.key()));
        }
    }
}
