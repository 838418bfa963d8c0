package io.g2cache.internal.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What a queue held when it was opened. Immutable.
 *
 * @param events what was not sent, in order
 * @param caches the caches of all records that can be read, also of those that were sent
 * @param isDamaged whether something was lost that was not the end of a write cut short
 * @param firstSegment the oldest segment, or one above the last if there is none
 * @param lastSegment the highest number that was ever used
 * @param bytes bytes of the segments
 */
public record Recovered(
        List<Stored> events, Set<String> caches, boolean isDamaged, long firstSegment, long lastSegment, long bytes) {
    /** More than a segment ever has. */
    private static final int LONGEST_SEGMENT = 8 << 20;

    /**
     * An event that waits.
     *
     * @param event what it is
     * @param end where its record ends
     */
    public record Stored(QueuedEvent event, Position end) {}

    static Recovered read(QueueDirectory directory, Position head, boolean forces) throws IOException {
        SortedMap<Long, Path> segments = directory.segments();
        List<Stored> events = new ArrayList<>();
        Set<String> caches = new TreeSet<>();
        boolean damaged = false;
        long first = segments.isEmpty() ? head.segment() + 1 : segments.firstKey();
        long last = segments.isEmpty() ? head.segment() : Math.max(segments.lastKey(), head.segment());
        long expected = Math.max(first, head.segment());
        long bytes = 0;
        for (Map.Entry<Long, Path> segment : segments.entrySet()) {
            long number = segment.getKey();
            SegmentScan scan = scan(segment.getValue(), number);
            boolean isNewest = number == segments.lastKey();
            if (number >= head.segment()) {
                damaged |= scan.isDamaged() || number != expected++;
            }
            damaged |= cut(segment.getValue(), scan.end(), isNewest, forces) && number >= head.segment();
            bytes += Files.size(segment.getValue());
            for (SegmentScan.Found found : scan.records()) {
                caches.add(found.event().cache());
                if (found.end().compareTo(head) > 0) {
                    events.add(new Stored(found.event(), found.end()));
                }
            }
        }
        return new Recovered(List.copyOf(events), Set.copyOf(caches), damaged, first, last, bytes);
    }

    private static SegmentScan scan(Path file, long number) throws IOException {
        try (FileChannel channel = QueueDirectory.openFile(file)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST_SEGMENT));
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
                // until the end
            }
            return SegmentScan.of(bytes.flip(), number);
        }
    }

    /**
     * Cuts off what is no record, and forces the rest; returns whether that was anything but the last write before the end of
     * a process.
     */
    private static boolean cut(Path file, int end, boolean isNewest, boolean forces) throws IOException {
        try (FileChannel channel = QueueDirectory.openFile(file)) {
            long tooMany = channel.size() - end;
            if (tooMany > 0 && isNewest) {
                channel.truncate(end);
            }
            if (forces) {
                channel.force(true);
            }
            return tooMany > 0 && (!isNewest || tooMany > RecordFormat.MAXIMUM_PAYLOAD + RecordFormat.HEADER_BYTES);
        }
    }
}
