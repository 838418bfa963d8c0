package io.g2cache.internal;

import io.g2cache.SyncLogException.Outcome;
import io.g2cache.TierException;
import io.g2cache.WriteQueue;
import io.g2cache.WriteQueueException;
import io.g2cache.WriteQueueStatus;
import io.g2cache.internal.queue.Position;
import io.g2cache.internal.queue.QueueFiles;
import io.g2cache.internal.queue.QueuedEvent;
import io.g2cache.internal.queue.Recovered;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes that wait for the log, in memory and in their files, in the order in which they came. A key that waits already,
 * and is not being sent yet, waits once. In memory each partition has its own order, and waits for no other; the files only
 * know how far all was sent, so that after a kill what was sent behind a write that was not is sent once more. It is
 * invalidations, so that does no harm.
 *
 * <p>Concurrency: the monitor guards everything, and is held while a record is written, but not while it is forced to the
 * disk. {@link DeadKeys} is changed under it.
 */
final class QueuedWrites {
    private static final Logger LOG = LoggerFactory.getLogger(QueuedWrites.class);

    private final WriteQueue limits;
    private final QueueFiles files;
    private final FillFence fence;
    private final LimitedLog failures;
    private final QueueInUse inUse;
    /** So many partitions that a clear or tag waits for cost about as much as the item of a key. */
    private static final int PARTITIONS_PER_ITEM = 32;

    private final Set<QueuedItem> items = new LinkedHashSet<>();
    private final List<Deque<QueuedItem>> lanes = new ArrayList<>();
    private final Map<QueuedEvent, QueuedItem> newest = new HashMap<>();
    private final boolean[] away;
    private final QueueCounts counts;
    private volatile int partitionsAway;
    private long weight;
    private boolean isClosed;
    private Runnable added = () -> {};
    private Position end = new Position(0, 0);
    private Position head = end;

    /**
     * How much of a list was queued.
     *
     * @param count so many from the start of the list were
     * @param reason why not all of it; null if all
     */
    record Accepted(int count, @Nullable Exception reason) {
        /** What the caller of a write that was not queued gets. */
        WriteQueueException refusal(Outcome outcome) {
            Exception cause = reason == null ? new IllegalStateException("no reason") : reason;
            return new WriteQueueException(
                    outcome, "the log is away, and the write was not queued: " + cause.getMessage(), cause);
        }
    }

    private QueuedWrites(
            WriteQueue limits, QueueFiles files, FillFence fence, int partitions, QueueInUse inUse, TimeSource time) {
        this.limits = limits;
        this.inUse = inUse;
        this.counts = inUse.counts();
        this.files = files;
        this.fence = fence;
        this.failures = new LimitedLog(LOG, time);
        this.away = new boolean[partitions];
        for (int p = 0; p < partitions; p++) {
            lanes.add(new ArrayDeque<>());
        }
    }

    /**
     * Opens the queue; what it holds from before is dead from here on.
     *
     * @throws TierException if the directory is in use, or cannot be read or written
     */
    static QueuedWrites open(WriteQueue limits, FillFence fence, int partitions, QueueInUse inUse, TimeSource time) {
        try {
            QueueFiles files = QueueFiles.open(limits.directory(), limits.forced());
            QueuedWrites queue = new QueuedWrites(limits, files, fence, partitions, inUse, time);
            queue.recover(files.recovered());
            inUse.is(queue);
            return queue;
        } catch (IOException e) {
            throw new TierException(
                    "the write queue cannot be opened, directory=" + limits.directory() + ": " + e.getMessage(), e);
        }
    }

    private synchronized void recover(Recovered recovered) throws IOException {
        recovered.events().forEach(stored -> enter(stored.event(), stored.end()));
        if (recovered.isDamaged()) {
            LOG.error(
                    "the write queue was damaged, and writes may be lost, directory={}: clearing every cache that it"
                            + " names, caches={}; clear others that queue their writes by hand",
                    limits.directory(),
                    recovered.caches());
            for (String cache : recovered.caches()) {
                append(QueuedEvent.clear(cache));
            }
        }
        if (!items.isEmpty()) {
            LOG.info("writes={} wait in the queue from before, directory={}", items.size(), limits.directory());
        }
    }

    /** What to do when something was added. Called once, before anybody else knows the queue. */
    synchronized void onAdded(Runnable action) {
        added = action;
    }

    /**
     * Queues events, durably, and makes them dead; blocks while the disk does. Where the node is on its way to another life, whose
     * queue has the files already, that one takes them: it may have sent what waited here.
     */
    Accepted add(List<QueuedEvent> events) {
        QueuedWrites now = inUse.queue();
        if (now != null && !equals(now) && isClosed()) {
            return now.add(events);
        }
        return addHere(events);
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    private Accepted addHere(List<QueuedEvent> events) {
        int count = 0;
        Exception reason = null;
        Position last = null;
        try {
            for (QueuedEvent event : events) {
                Position end = addUnforced(event);
                last = last == null || end.compareTo(last) > 0 ? end : last;
                count++;
            }
        } catch (QueueFull | IOException e) {
            reason = e;
        }
        try {
            if (last != null) {
                files.force(last);
            }
        } catch (IOException e) {
            reason = e;
            count = 0;
        }
        if (reason != null) {
            failures.warn("writes were not queued, directory=" + limits.directory(), reason);
        }
        ended(count, events.size() - count);
        return new Accepted(count, reason);
    }

    private synchronized void ended(int taken, int turnedAway) {
        counts.accepted().addAndGet(taken);
        counts.refused().addAndGet(turnedAway);
        added.run();
    }

    private synchronized Position addUnforced(QueuedEvent event) throws IOException, QueueFull {
        if (isClosed) {
            throw new IOException("the queue is closed, directory=" + limits.directory());
        }
        QueuedItem same = newest.get(event);
        if (same != null && same.standsForLaterOnes()) {
            foundAway(event);
            same.again().stream().forEach(partition -> lanes.get(partition).addLast(same));
            return same.end();
        }
        long bytes = files.bytes() + QueueFiles.size(event);
        if (weight >= limits.maximumEntries() || bytes > limits.maximumBytes()) {
            throw new QueueFull("the queue is full: entries=" + weight + " of " + limits.maximumEntries() + ", bytes="
                    + bytes + " of " + limits.maximumBytes() + ", directory=" + limits.directory());
        }
        append(event);
        foundAway(event);
        return end;
    }

    /** The partition is away until the log has taken something of it: this event, if nothing else. */
    private void foundAway(QueuedEvent event) {
        if (event.isOfKey()) {
            away(key(event).partition(), true);
        }
    }

    private void append(QueuedEvent event) throws IOException {
        enter(event, files.append(event));
    }

    private void enter(QueuedEvent event, Position itsEnd) {
        EncodedKey key = event.isOfKey() ? key(event) : null;
        QueuedItem item = new QueuedItem(event, end, itsEnd, key == null ? 0 : key.partition(), away.length);
        end = itsEnd;
        items.add(item);
        weight += weight(item);
        newest.put(event, item);
        for (int p = item.firstPartition(); p <= item.lastPartition(); p++) {
            lanes.get(p).addLast(item);
        }
        if (key == null) {
            fence.clearWaits(event.cache());
        } else {
            fence.dead().add(key.hash());
        }
    }

    private static int weight(QueuedItem item) {
        return 1 + (item.lastPartition() - item.firstPartition()) / PARTITIONS_PER_ITEM;
    }

    private EncodedKey key(QueuedEvent event) {
        return new KeySpace(event.cache(), away.length).key(event.key());
    }

    /**
     * The oldest events that a partition has to take, at most so many. While they are under way, the same keys wait once more.
     * Of one partition nothing more may be taken before it was told what became of these.
     */
    synchronized List<QueuedItem> take(int partition, int most) {
        List<QueuedItem> taken = new ArrayList<>();
        Deque<QueuedItem> lane = lanes.get(partition);
        while (!lane.isEmpty() && taken.size() < most) {
            QueuedItem item = lane.removeFirst();
            item.sending();
            taken.add(item);
        }
        return taken;
    }

    /**
     * A partition has not taken these, and they will be sent to it again later, before all others: what is written to their keys
     * until then needs no more.
     */
    synchronized void failed(int partition, List<QueuedItem> notSent) {
        for (int i = notSent.size() - 1; i >= 0; i--) {
            notSent.get(i).failed();
            lanes.get(partition).addFirst(notSent.get(i));
        }
    }

    /** A partition has taken these, and the fence knows their versions: those that wait for no other are alive again. */
    void sent(int partition, List<QueuedItem> taken) {
        Position upTo = null;
        synchronized (this) {
            taken.stream().filter(item -> item.taken(partition)).forEach(this::leave);
            Position unsent = items.isEmpty() ? end : items.iterator().next().start();
            if (unsent.compareTo(head) > 0) {
                head = unsent;
                upTo = unsent;
            }
        }
        if (upTo != null) {
            try {
                files.sent(upTo);
            } catch (IOException e) {
                failures.warn("it was not noted how far the write queue was sent; some of it may be sent twice", e);
            }
        }
    }

    private void leave(QueuedItem item) {
        items.remove(item);
        weight -= weight(item);
        newest.remove(item.event(), item);
        counts.sent().incrementAndGet();
        if (!item.event().isOfKey()) {
            fence.clearSent(item.event().cache());
        } else {
            fence.dead().remove(key(item.event()).hash());
        }
    }

    /** Hands over what waits for a cache. */
    synchronized void forEach(String cache, Consumer<QueuedEvent> consumer) {
        for (QueuedItem item : items) {
            if (item.event().cache().equals(cache)) {
                consumer.accept(item.event());
            }
        }
    }

    synchronized boolean isEmpty() {
        return items.isEmpty();
    }

    /** The partitions for which something waits that is not being sent. */
    synchronized BitSet waiting() {
        BitSet waiting = new BitSet(lanes.size());
        for (int p = 0; p < lanes.size(); p++) {
            waiting.set(p, !lanes.get(p).isEmpty());
        }
        return waiting;
    }

    /** Whether writes to this partition need not try the log now. */
    boolean isAway(int partition) {
        return partitionsAway > 0 && lookAway(partition);
    }

    private synchronized boolean lookAway(int partition) {
        return away[partition];
    }

    /** The log has taken an event of this partition. */
    synchronized void isBack(int partition) {
        away(partition, false);
    }

    private synchronized void away(int partition, boolean isAway) {
        if (away[partition] != isAway) {
            away[partition] = isAway;
            partitionsAway += isAway ? 1 : -1;
        }
    }

    synchronized WriteQueueStatus status() {
        return new WriteQueueStatus(
                items.size(),
                files.bytes(),
                counts.accepted().get(),
                counts.sent().get(),
                counts.refused().get(),
                partitionsAway > 0);
    }

    /** Releases the files; what waits is sent after the next start. */
    void close() {
        int left = close(files);
        if (left > 0) {
            LOG.warn(
                    "writes={} still wait for the log in directory={}; they are sent when a node is started with it",
                    left,
                    limits.directory());
        }
    }

    private synchronized int close(QueueFiles open) {
        isClosed = true;
        try {
            open.close();
        } catch (IOException e) {
            LOG.warn("the files of the write queue did not close, directory={}", limits.directory(), e);
        }
        return items.size();
    }

    /** No room. */
    private static final class QueueFull extends Exception {
        private static final long serialVersionUID = 1L;

        QueueFull(String message) {
            super(message);
        }
    }
}
