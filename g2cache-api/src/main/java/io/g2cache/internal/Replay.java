package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.Tags;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Applies old events to the local tier of one cache, and to nothing else. What other nodes have loaded meanwhile is left
 * out: it changes no data. Used by one thread.
 */
final class Replay implements LogHandler {
    private final KeySpace keySpace;
    private final Tiers<?, ?> tiers;
    private final StatsRecorder stats;
    private final long[] start;
    private final long[] next;
    private final long[] redone;
    private boolean late;
    private long events;

    Replay(KeySpace keySpace, Tiers<?, ?> tiers, StatsRecorder stats, LogPosition from) {
        this.keySpace = keySpace;
        this.tiers = tiers;
        this.stats = stats;
        this.start = new long[from.partitions()];
        for (int p = 0; p < start.length; p++) {
            start[p] = from.offset(p);
        }
        this.next = start.clone();
        this.redone = start.clone();
    }

    /** Whether a redo reaches back to before the start. */
    boolean hasRedos() {
        return !Arrays.equals(redone, start);
    }

    /** Goes over what the redos reach back to, up to the start. */
    RedonePass redonePass() {
        LogPosition from = LogPosition.of(redone);
        return new RedonePass(new Replay(keySpace, tiers, stats, from), from, LogPosition.of(start));
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        if (event instanceof Event.Put put) {
            keyed(partition, offset, put.cache(), put.key(), put.entry().withVersion(offset));
        } else if (event instanceof Event.Invalidate invalidate) {
            keyed(partition, offset, invalidate.cache(), invalidate.key(), Entry.tombstone(offset));
        } else if (event instanceof Event.Clear clear) {
            if (clear.cache().equals(keySpace.cache())) {
                emptied(partition, offset);
            }
        } else if (event instanceof Event.Tag tag) {
            if (tag.cache().equals(keySpace.cache())) {
                tiers.floors().raiseTag(partition, Tags.hash(tag.tag()), offset);
                counted();
            }
        } else if (event instanceof Event.Redo redo) {
            redone[partition] = Math.min(redone[partition], Math.max(0, redo.from()));
        } else if (event instanceof Event.Unreadable unreadable) {
            byte[] key = unreadable.key();
            if (unreadable.cache() != null && key != null) {
                keyed(partition, offset, unreadable.cache(), key, Entry.tombstone(offset));
            } else {
                emptied(partition, offset);
            }
        }
    }

    /** Applies an event of a key. */
    void keyed(int partition, long offset, @Nullable String cache, byte[] bytes, Entry entry) {
        if (!keySpace.cache().equals(cache)) {
            return;
        }
        EncodedKey key = keySpace.key(bytes);
        if (key.partition() != partition) {
            emptied(partition, offset);
            return;
        }
        if (late) {
            tiers.applyLate(key, entry);
        } else {
            tiers.applyReplayed(key, entry);
        }
        counted();
    }

    /** Everything older in this partition is dead, by a clear or because it cannot be told what the event was. */
    private void emptied(int partition, long offset) {
        tiers.floors().raise(partition, offset);
        counted();
    }

    private void counted() {
        events++;
        stats.count(Counter.EVENT_REPLAYED);
    }

    @Override
    public void onGap(int partition, long position, String reason) {
        tiers.floors().raiseLocal(partition, position - 1);
        counted();
    }

    @Override
    public void onPosition(int partition, long position) {
        next[partition] = Math.max(next[partition], position);
    }

    /** From now on the tailer applies events too, which may be newer. */
    void isLate() {
        late = true;
    }

    /** How many offsets lie between here and the given end. */
    long left(LogPosition end) {
        long left = 0;
        for (int p = 0; p < next.length; p++) {
            left += Math.max(0, end.offset(p) - next[p]);
        }
        return left;
    }

    /** Whether every event below the given end was handed over. */
    boolean hasReached(LogPosition end) {
        return left(end) == 0;
    }

    /** The next offset of every partition. */
    LogPosition position() {
        return LogPosition.of(next);
    }

    /** How many events concerned the cache. */
    long events() {
        return events;
    }
}
