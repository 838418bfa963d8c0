package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import java.util.Arrays;

/**
 * Who applies the log's events to a local tier that is being brought up to date: first a replay alone, in order, from long
 * ago; then the tailer. Were both to apply at once, an old put that the replay brings after the tailer has brought the
 * invalidation that follows it would have to be told from a current one by what the node remembers, which is little.
 *
 * <p>The tailer may be far behind the replay, as it reads for the whole node: what the replay has applied it leaves out for
 * good. Otherwise it would bring a put again whose invalidation the replay has applied, and which nobody remembers.
 *
 * <p>Concurrency: the tailer asks for each event of the cache, the replay's thread joins. The monitor makes it certain
 * which events the tailer has left out; when the handover is over, asking costs one volatile read.
 */
final class Handover {
    private final long[] takenFrom;
    private final long[] leftOut;
    private boolean joined;
    private volatile boolean over;

    Handover(int partitions) {
        takenFrom = new long[partitions];
        leftOut = new long[partitions];
        Arrays.fill(takenFrom, Long.MAX_VALUE);
        Arrays.fill(leftOut, -1);
    }

    /** Whether the tailer applies this event; otherwise the replay does. */
    boolean isTailersTurn(int partition, long offset) {
        return over ? offset >= takenFrom[partition] : decide(partition, offset);
    }

    private synchronized boolean decide(int partition, long offset) {
        if (offset >= takenFrom[partition]) {
            return true;
        }
        leftOut[partition] = Math.max(leftOut[partition], offset);
        return false;
    }

    /**
     * From now on the tailer applies what it brings, from the position returned on; the replay still has to apply everything
     * below.
     *
     * @param replayed how far the replay is
     */
    synchronized LogPosition join(LogPosition replayed) {
        for (int p = 0; p < takenFrom.length; p++) {
            takenFrom[p] = Math.max(leftOut[p] + 1, replayed.offset(p));
        }
        joined = true;
        return LogPosition.of(takenFrom);
    }

    /** There is nothing, or no longer anything, to replay. What never was joined is the tailer's as a whole. */
    synchronized void end() {
        if (!joined) {
            Arrays.fill(takenFrom, 0);
            joined = true;
        }
        over = true;
    }
}
