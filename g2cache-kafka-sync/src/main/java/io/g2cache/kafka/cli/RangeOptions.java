package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogTopic;
import io.g2cache.spi.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which part of the log is read. */
final class RangeOptions {
    @ArgGroup
    private Start start = new Start();

    @Option(
            names = "--until",
            paramLabel = "TIME|AGO",
            description = "Ends before the first record appended at that time or later.")
    private @Nullable TimePoint until;

    @Option(names = "--partition", paramLabel = "P", description = "Only this partition. May be repeated.")
    private List<Integer> partitions = new ArrayList<>();

    /** Where reading begins. */
    static final class Start {
        @Option(names = "--from-beginning", description = "Begins at the first record that the log still holds.")
        private boolean fromBeginning;

        @Option(
                names = "--offset",
                paramLabel = "P:O",
                converter = OffsetConverter.class,
                description =
                        "Begins partition P at offset O, and reads no partition that is not named. May be repeated.")
        private List<Offset> offsets = new ArrayList<>();

        @Option(
                names = "--since",
                paramLabel = "TIME|AGO",
                description =
                        "Begins with the first record appended at that time or later: 2026-11-22T17:00:00Z, 10m, 2h.")
        private @Nullable TimePoint since;
    }

    /** A partition and an offset. */
    record Offset(int partition, long offset) {}

    /** Reads {@code P:O}. */
    static final class OffsetConverter implements ITypeConverter<Offset> {
        @Override
        public Offset convert(String text) {
            String[] parts = text.split(":", -1);
            try {
                Offset offset = new Offset(Integer.parseInt(parts[0]), Long.parseLong(parts[parts.length - 1]));
                if (parts.length == 2 && offset.partition() >= 0 && offset.offset() >= 0) {
                    return offset;
                }
            } catch (NumberFormatException e) {
                throw refused(text);
            }
            throw refused(text);
        }

        private static TypeConversionException refused(String text) {
            return new TypeConversionException("'" + text + "' must be PARTITION:OFFSET, such as 3:1200");
        }
    }

    /** When reading ends, wall-clock milliseconds; null where it need not end. */
    @Nullable
    Long untilMillis(long nowMillis) {
        return until == null ? null : (Long) until.wallMillis(nowMillis);
    }

    /**
     * Where each partition that is read begins.
     *
     * @param atEnd whether partitions begin at their end where nothing else is chosen, else at their start
     */
    Map<Integer, Long> from(LogTopic log, long nowMillis, boolean atEnd) {
        int count = log.partitions();
        LogPosition first = log.startOffsets(count);
        LogPosition chosen = first;
        if (start.since != null) {
            chosen = log.offsetsSince(count, start.since.wallMillis(nowMillis));
        } else if (atEnd && !start.fromBeginning) {
            chosen = log.endOffsets(count);
        }
        requireWithin(log, count);
        TreeSet<Integer> read = new TreeSet<>(partitions);
        Map<Integer, Long> from = new TreeMap<>();
        for (Offset offset : start.offsets) {
            read.add(offset.partition());
            from.put(offset.partition(), offset.offset());
        }
        for (int p = 0; read.isEmpty() && p < count; p++) {
            from.put(p, chosen.offset(p));
        }
        for (int p : read) {
            from.put(p, Math.max(first.offset(p), from.getOrDefault(p, chosen.offset(p))));
        }
        return from;
    }

    private void requireWithin(LogTopic log, int count) {
        LogPosition end = start.offsets.isEmpty() ? LogPosition.of() : log.endOffsets(count);
        List<Integer> named = new ArrayList<>(partitions);
        start.offsets.forEach(offset -> named.add(offset.partition()));
        for (int p : named) {
            if (p < 0 || p >= count) {
                throw new CliException("partition=" + p + " is none of topic=" + log.name() + ", partitions=" + count);
            }
        }
        for (Offset offset : start.offsets) {
            if (offset.offset() > end.offset(offset.partition())) {
                throw new CliException("offset=" + offset.offset() + " lies beyond the end of partition="
                        + offset.partition() + ", end=" + end.offset(offset.partition()));
            }
        }
    }
}
