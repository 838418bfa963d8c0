package io.g2cache.kafka.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Entry;

/** A record of the log as one JSON object. Fields that do not apply are left out. Immutable. */
final class RecordJson {
    private final KeyFormat keys;
    private final boolean values;

    RecordJson(KeyFormat keys, boolean values) {
        this.keys = keys;
        this.values = values;
    }

    String line(LogRecord found, EventFields fields) {
        ObjectNode json = Json.object();
        json.put("partition", found.partition());
        json.put("offset", found.offset());
        json.put("time", Text.time(found.timeMillis()));
        json.put("kind", fields.kind());
        if (fields.cache() != null) {
            json.put("cache", fields.cache());
        }
        if (fields.key() != null) {
            json.put("key", keys.show(fields.key()));
        }
        if (!fields.origin().isEmpty()) {
            json.put("origin", fields.origin());
        }
        if (fields.entry() != null) {
            entry(json, fields.entry());
        }
        if (fields.detail() != null) {
            json.put("detail", fields.detail());
        }
        json.put("bytes", found.bytes());
        return Json.line(json);
    }

    private void entry(ObjectNode json, Entry entry) {
        json.put("softDeadline", Text.time(entry.softDeadline()));
        json.put("hardDeadline", Text.time(entry.hardDeadline()));
        byte[] stored = entry.value();
        json.put("absent", stored == null);
        if (stored != null) {
            StoredValue value = StoredValue.of(stored);
            json.put("codec", value.codec());
            json.put("valueBytes", value.payloadBytes());
            if (values) {
                json.put("value", value.text());
            }
        }
    }
}
