package io.g2cache.internal;

import io.g2cache.CatchUp;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Agent;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Replays the log into one cache's local tier, alone at first, and then lets the tailer take over: to the end as it was when
 * the replay began, to the end as it is then, and last to the newest event that the tailer has left out.
 *
 * <p>Concurrency: driven by one thread at a time, an agent's or the one that opens the cache; progress is read by any.
 */
final class CacheReplay implements Agent {
    private static final Duration LONGEST_POLL = Duration.ofMillis(50);

    /** How it ends; called by the driving thread, once. */
    interface Outcomes {
        /** The tier accounts for every event. */
        void done(long events);

        /** It does not, and cannot be brought up to date. */
        void failed(RuntimeException failure);
    }

    private final SyncLog log;
    private final Handover handover;
    private final CacheLife life;
    private final TimeSource time;
    private final Duration patience;
    private final String cache;
    private final Replay replay;
    private final @Nullable AgeProof age;
    private final Outcomes outcomes;
    private final long startedNanos;
    private LogPosition end;
    private boolean endIsNew;
    private boolean joined;
    private boolean isRedone;
    private @Nullable RedonePass redoing;
    private @Nullable LogReader reader;
    private long progressNanos;
    private volatile long eventsDone;
    private volatile long eventsToDo;
    private volatile boolean over;

    /**
     * Prepares a replay from where {@code replay} stands.
     *
     * @param end the log's end, asked for after the cache was made known to the tailer
     * @param patience how long it may make no progress
     */
    CacheReplay(
            String cache,
            CacheLife life,
            SyncLog log,
            Handover handover,
            Replay replay,
            LogPosition end,
            Duration patience,
            @Nullable AgeProof age,
            TimeSource time,
            Outcomes outcomes) {
        this.cache = cache;
        this.log = log;
        this.handover = handover;
        this.life = life;
        this.replay = replay;
        this.end = end;
        this.patience = patience;
        this.age = age;
        this.time = time;
        this.outcomes = outcomes;
        this.startedNanos = time.monotonicNanos();
        this.progressNanos = startedNanos;
        this.eventsToDo = replay.left(end);
    }

    @Override
    public String name() {
        return "replay-" + cache;
    }

    /** Whether it has ended, one way or the other. */
    boolean isOver() {
        return over;
    }

    /** How far it is. */
    CatchUp progress() {
        return over
                ? CatchUp.NONE
                : new CatchUp(
                        eventsDone, eventsToDo, Duration.ofNanos(Math.max(0, time.monotonicNanos() - startedNanos)));
    }

    /**
     * One step.
     *
     * @throws io.g2cache.NodeClosedException if the node is closed meanwhile; what the tier holds stays as it is
     * @throws io.g2cache.CacheClosedException if the cache is, the same; then it is over
     */
    @Override
    public int doWork(Duration maxWait) {
        if (over) {
            return 0;
        }
        if (life.isClosed()) {
            finish();
        }
        life.requireOpen();
        try {
            return step(maxWait.compareTo(LONGEST_POLL) < 0 ? maxWait : LONGEST_POLL);
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            finish();
            outcomes.failed(e);
            return 1;
        }
    }

    private int step(Duration maxWait) {
        int events = 0;
        if (left() > 0) {
            events = poll(maxWait);
        }
        if (left() == 0) {
            reached();
        } else if (age != null && !replay.hasRedos()) {
            age.tick(replay);
        }
        return events;
    }

    private int poll(Duration maxWait) {
        LogReader from = reader;
        if (from == null) {
            RedonePass next = redoing;
            from = log.replay(next == null ? replay.position() : next.from());
            reader = from;
        }
        long before = left();
        RedonePass pass = redoing;
        int events = from.poll(maxWait, pass == null ? replay : pass);
        long left = left();
        eventsDone = eventsDone + before - left;
        eventsToDo = left;
        if (left < before) {
            progressNanos = time.monotonicNanos();
        } else if (time.monotonicNanos() - progressNanos >= patience.toNanos()) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    "the replay to " + end + (redoing == null ? "" : ", redoing,") + " stands at " + replay.position()
                            + " and came no further for " + patience);
        }
        return events;
    }

    private long left() {
        RedonePass pass = redoing;
        return pass == null ? replay.left(end) : pass.left();
    }

    private void reached() {
        if (redoing != null) {
            redoing = null;
            onClose();
        } else if (endIsNew && !isRedone) {
            isRedone = true;
            if (replay.hasRedos()) {
                redoing = replay.redonePass();
                onClose();
            }
        } else if (joined) {
            handover.end();
            finish();
            outcomes.done(replay.events());
        } else if (endIsNew) {
            end = handover.join(replay.position());
            joined = true;
            replay.isLate();
        } else {
            end = LogSide.get(log.endOffsets(), patience, "end offsets");
            endIsNew = true;
        }
    }

    private void finish() {
        over = true;
        onClose();
    }

    @Override
    public void wakeUp() {
        // Waits for a moment at most.
    }

    @Override
    public void onClose() {
        LogReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
