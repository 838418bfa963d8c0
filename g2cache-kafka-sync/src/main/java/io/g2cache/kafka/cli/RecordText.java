package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Entry;
import java.time.Duration;

/** A record of the log as one line for people. Immutable. */
final class RecordText {
    private static final int VALUE_CHARACTERS = 256;
    private static final int KEY_CHARACTERS = 120;

    private final KeyFormat keys;
    private final boolean values;

    RecordText(KeyFormat keys, boolean values) {
        this.keys = keys;
        this.values = values;
    }

    String line(LogRecord found, EventFields fields, long nowMillis) {
        StringBuilder line = new StringBuilder();
        line.append(found.partition()).append(':').append(found.offset());
        line.append(' ').append(Text.time(found.timeMillis())).append(' ').append(fields.kind());
        if (fields.cache() != null) {
            line.append(" cache=").append(Text.shortened(Text.printable(fields.cache()), KEY_CHARACTERS));
        }
        if (fields.key() != null) {
            line.append(" key=").append(Text.shortened(Text.printable(keys.show(fields.key())), KEY_CHARACTERS));
        }
        if (!fields.origin().isEmpty()) {
            line.append(" origin=").append(Text.printable(fields.origin()));
        }
        if (fields.entry() != null) {
            entry(line, fields.entry(), nowMillis);
        }
        if (fields.detail() != null) {
            line.append(' ').append(Text.shortened(Text.printable(fields.detail()), VALUE_CHARACTERS));
        }
        return line.toString();
    }

    private void entry(StringBuilder line, Entry entry, long nowMillis) {
        line.append(" soft=").append(left(entry.softDeadline(), nowMillis));
        line.append(" hard=").append(left(entry.hardDeadline(), nowMillis));
        byte[] stored = entry.value();
        if (stored == null) {
            line.append(" value=absent");
            return;
        }
        StoredValue value = StoredValue.of(stored);
        line.append(" codec=").append(value.codec());
        line.append(" value=").append(Text.number(value.payloadBytes())).append('B');
        if (values) {
            line.append(' ').append(Text.shortened(Text.printable(value.text()), VALUE_CHARACTERS));
        }
    }

    private static String left(long deadlineMillis, long nowMillis) {
        return deadlineMillis <= nowMillis
                ? "over"
                : Text.duration(Duration.ofMillis(deadlineMillis).minusMillis(nowMillis));
    }
}
