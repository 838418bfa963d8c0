package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Hash64;
import java.util.concurrent.TimeUnit;

/** What {@code stats} counts, in bounded memory. Not thread-safe. */
final class LogStatistics {
    private static final int LARGEST = 5;

    private final Tally tally = new Tally();
    private final KeyTable newest;
    private final Largest largestKeys = new Largest(LARGEST);
    private final Largest largestValues = new Largest(LARGEST);
    private final long[] minutes;
    private final long firstMinute;
    private boolean limitReached;

    /**
     * Creates empty statistics.
     *
     * @param keyLimit how many record keys are told apart
     * @param minutes so many minutes up to the current one are counted one by one
     */
    LogStatistics(int keyLimit, int minutes, long nowMillis) {
        this.newest = new KeyTable(keyLimit);
        this.minutes = new long[minutes];
        this.firstMinute = TimeUnit.MILLISECONDS.toMinutes(nowMillis) - minutes + 1;
    }

    void add(LogRecord found, EventFields fields) {
        Tally.Group group = tally.add(fields, found.bytes(), found.timeMillis());
        byte[] recordKey = found.recordKey();
        if (recordKey != null) {
            long before = newest.put(Hash64.hash(recordKey, found.partition()), packed(group.index(), found.bytes()));
            if (before >= 0) {
                tally.group((int) (before >>> Integer.SIZE)).supersede((int) before);
            }
            limitReached |= before == KeyTable.REFUSED;
        }
        byte[] key = fields.key();
        if (key != null) {
            offer(largestKeys, key.length, found, group, key);
            Entry entry = fields.entry();
            byte[] value = entry == null ? null : entry.value();
            if (value != null) {
                offer(largestValues, StoredValue.payloadBytes(value), found, group, key);
            }
        }
        long minute = TimeUnit.MILLISECONDS.toMinutes(found.timeMillis()) - firstMinute;
        if (minute >= 0 && minute < minutes.length) {
            minutes[(int) minute]++;
        }
    }

    private static long packed(int group, int bytes) {
        return (long) group << Integer.SIZE | bytes;
    }

    private static void offer(Largest largest, int bytes, LogRecord found, Tally.Group group, byte[] key) {
        if (largest.wants(bytes)) {
            largest.offer(new Largest.Item(bytes, found.partition(), found.offset(), group.cache(), key));
        }
    }

    Tally tally() {
        return tally;
    }

    Largest largestKeys() {
        return largestKeys;
    }

    Largest largestValues() {
        return largestValues;
    }

    /** How many record keys were told apart. */
    int keys() {
        return newest.size();
    }

    int keyLimit() {
        return newest.limit();
    }

    /** Whether keys were left out, so that what is superseded is a lower bound. */
    boolean limitReached() {
        return limitReached;
    }

    int minutes() {
        return minutes.length;
    }

    /** When a counted minute begins, wall-clock milliseconds; the last is the current one. */
    long minuteMillis(int index) {
        return TimeUnit.MINUTES.toMillis(firstMinute + index);
    }

    long inMinute(int index) {
        return minutes[index];
    }
}
