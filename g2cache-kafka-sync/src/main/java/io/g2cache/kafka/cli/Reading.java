package io.g2cache.kafka.cli;

import io.g2cache.SyncLogException;
import io.g2cache.kafka.LogRecord;
import io.g2cache.kafka.LogScan;
import io.g2cache.kafka.LogTopic;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of the log to its end, or follows it. It ends in any case: at the range's end, when its taker has enough,
 * when it is told to stop, or with an error when the brokers do not answer for as long as the timeout says. One that follows
 * waits for brokers that are away, and says so. Used by one thread.
 */
final class Reading {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long CHECK_MILLIS = 2_000;

    private final LogTopic log;
    private final Session session;
    private final Duration timeout;
    private final Map<Integer, Long> from;
    private final @Nullable Long untilMillis;
    private @Nullable Map<Integer, Long> ends;
    private boolean enough;
    private boolean untilPassed;
    private boolean away;

    /**
     * Creates a reading.
     *
     * @param from where each partition begins
     * @param untilMillis wall-clock time of the first record that is not read, or null
     * @param follow whether to go on at the end
     */
    Reading(
            LogTopic log,
            Session session,
            Duration timeout,
            Map<Integer, Long> from,
            @Nullable Long untilMillis,
            boolean follow) {
        this.log = log;
        this.session = session;
        this.timeout = timeout;
        this.from = from;
        this.untilMillis = untilMillis;
        if (!follow) {
            ends = ends(log.endOffsets(partitions()));
        }
    }

    private int partitions() {
        return from.keySet().stream().mapToInt(p -> p + 1).max().orElse(0);
    }

    private Map<Integer, Long> ends(LogPosition position) {
        Map<Integer, Long> found = new TreeMap<>();
        from.forEach((p, offset) -> found.put(p, Math.max(offset, position.offset(p))));
        return found;
    }

    /** How many offsets lie in the range; 0 where it has no end yet. */
    long total() {
        Map<Integer, Long> known = ends;
        return known == null
                ? 0
                : known.entrySet().stream()
                        .mapToLong(end -> end.getValue() - from.getOrDefault(end.getKey(), 0L))
                        .sum();
    }

    /**
     * Hands over the records, each partition in its order.
     *
     * @param taker says whether it wants more
     * @param afterPoll is told, again and again, how many offsets are done
     */
    void run(Predicate<LogRecord> taker, LongConsumer afterPoll) {
        try (LogScan scan = log.scan(from)) {
            session.stop().waiting(scan::wakeUp);
            try {
                read(scan, taker, afterPoll);
            } finally {
                session.stop().waiting(null);
            }
            if (scan.deleted() > 0) {
                session.err()
                        .println("g2cache log: retention deleted offsets=" + scan.deleted() + " before they were read");
            }
        }
    }

    private void read(LogScan scan, Predicate<LogRecord> taker, LongConsumer afterPoll) {
        String topicId = log.topicId();
        long heard = session.time().monotonicMillis();
        long checked = heard;
        long before = done(scan);
        while (!enough && !session.stop().requested()) {
            endInTime();
            if (isRead(scan)) {
                return;
            }
            scan.poll(POLL, found -> take(found, taker));
            long done = done(scan);
            afterPoll.accept(done);
            long now = session.time().monotonicMillis();
            if (done != before) {
                before = done;
                heard = now;
                checked = now;
                away = false;
            } else if (ends != null && now - heard > timeout.toMillis()) {
                throw new CliException("no answer of the brokers, timeout=" + timeout + ", topic=" + log.name()
                        + ", doneOffsets=" + done + ", allOffsets=" + total());
            } else if (ends == null && now - checked > CHECK_MILLIS) {
                check(topicId);
                checked = session.time().monotonicMillis();
            }
        }
    }

    private void endInTime() {
        if (!untilPassed && untilMillis != null && untilMillis <= session.time().wallMillis()) {
            untilPassed = true;
            Map<Integer, Long> known = ends;
            Map<Integer, Long> since = ends(log.offsetsSince(partitions(), untilMillis));
            if (known != null) {
                since.replaceAll((p, end) -> Math.min(end, known.getOrDefault(p, end)));
            }
            ends = since;
        }
    }

    private void take(LogRecord found, Predicate<LogRecord> taker) {
        Map<Integer, Long> known = ends;
        if (!enough && (known == null || found.offset() < known.getOrDefault(found.partition(), Long.MAX_VALUE))) {
            enough = !taker.test(found);
        }
    }

    private boolean isRead(LogScan scan) {
        Map<Integer, Long> known = ends;
        if (known == null) {
            return false;
        }
        boolean all = true;
        for (Map.Entry<Integer, Long> end : known.entrySet()) {
            if (scan.next(end.getKey()) < end.getValue()) {
                all = false;
            } else {
                scan.stop(end.getKey());
            }
        }
        return all;
    }

    private long done(LogScan scan) {
        long done = 0;
        for (Map.Entry<Integer, Long> begun : from.entrySet()) {
            done += scan.next(begun.getKey()) - begun.getValue();
        }
        return done;
    }

    /** A poll never tells that the brokers are away, or that the topic is another one by now. */
    private void check(String topicId) {
        String now;
        try {
            now = log.topicId();
            away = false;
        } catch (SyncLogException e) {
            if (!away) {
                away = true;
                session.err().println("g2cache log: still trying: " + e.getMessage());
                session.err().flush();
            }
            return;
        }
        if (!now.equals(topicId)) {
            throw new CliException(
                    "topic=" + log.name() + " was deleted and created anew, topicId=" + topicId + ", now=" + now);
        }
    }
}
