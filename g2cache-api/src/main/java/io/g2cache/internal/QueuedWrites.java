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
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes that wait for the log, in memory and in their files, in the order in which they came. A key that waits already,
 * and is not being sent yet, waits once.
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
    private final Deque<Item> items = new ArrayDeque<>();
    private final Map<QueuedEvent, Item> newest = new HashMap<>();
    private final boolean[] away;
    private volatile int partitionsAway;
    private Runnable added = () -> {};
    private int waiting;
    private long accepted;
    private long sent;
    private long refused;

    /** A queued event. */
    static final class Item {
        private final QueuedEvent event;
        private final Position end;
        private boolean taken;
        private boolean done;

        Item(QueuedEvent event, Position end) {
            this.event = event;
            this.end = end;
        }

        QueuedEvent event() {
            return event;
        }
    }

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

    private QueuedWrites(WriteQueue limits, QueueFiles files, FillFence fence, int partitions, TimeSource time) {
        this.limits = limits;
        this.files = files;
        this.fence = fence;
        this.failures = new LimitedLog(LOG, time);
        this.away = new boolean[partitions];
    }

    /**
     * Opens the queue; what it holds from before is dead from here on.
     *
     * @throws TierException if the directory is in use, or cannot be read or written
     */
    static QueuedWrites open(WriteQueue limits, FillFence fence, int partitions, TimeSource time) {
        try {
            QueueFiles files = QueueFiles.open(limits.directory(), limits.forced());
            QueuedWrites queue = new QueuedWrites(limits, files, fence, partitions, time);
            queue.recover(files.recovered());
            return queue;
        } catch (IOException e) {
            throw new TierException(
                    "the write queue cannot be opened, directory=" + limits.directory() + ": " + e.getMessage(), e);
        }
    }

    private synchronized void recover(Recovered recovered) throws IOException {
        recovered.events().forEach(stored -> enter(new Item(stored.event(), stored.end())));
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
        if (waiting > 0) {
            LOG.info("writes={} wait in the queue from before, directory={}", waiting, limits.directory());
        }
    }

    /** What to do when something was added. Called once, before anybody else knows the queue. */
    synchronized void onAdded(Runnable action) {
        added = action;
    }

    /** Queues events, durably, and makes them dead; blocks while the disk does. */
    Accepted add(List<QueuedEvent> events) {
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
        accepted += taken;
        refused += turnedAway;
        added.run();
    }

    private synchronized Position addUnforced(QueuedEvent event) throws IOException, QueueFull {
        Item same = newest.get(event);
        if (same != null && !same.taken) {
            foundAway(event);
            return same.end;
        }
        long bytes = files.bytes() + QueueFiles.size(event);
        if (waiting >= limits.maximumEntries() || bytes > limits.maximumBytes()) {
            throw new QueueFull("the queue is full: entries=" + waiting + " of " + limits.maximumEntries() + ", bytes="
                    + bytes + " of " + limits.maximumBytes() + ", directory=" + limits.directory());
        }
        Position end = append(event).end;
        foundAway(event);
        return end;
    }

    /** The partition is away until the log has taken something of it: this event, if nothing else. */
    private void foundAway(QueuedEvent event) {
        if (event.isOfKey()) {
            away(key(event).partition(), true);
        }
    }

    private Item append(QueuedEvent event) throws IOException {
        Item item = new Item(event, files.append(event));
        enter(item);
        return item;
    }

    private void enter(Item item) {
        items.addLast(item);
        newest.put(item.event, item);
        waiting++;
        if (!item.event.isOfKey()) {
            fence.dead().add(fence.floors(item.event.cache()));
        } else {
            fence.dead().add(key(item.event).hash());
        }
    }

    private EncodedKey key(QueuedEvent event) {
        return new KeySpace(event.cache(), away.length).key(event.key());
    }

    /** The oldest events that were not sent, at most so many. While they are under way, the same keys wait once more. */
    synchronized List<Item> take(int most) {
        List<Item> taken = new ArrayList<>();
        for (Item item : items) {
            if (taken.size() == most) {
                break;
            }
            if (!item.done) {
                item.taken = true;
                taken.add(item);
            }
        }
        return taken;
    }

    /** The log has not taken these, and they will be sent again later: what is written to their keys until then needs no more. */
    synchronized void failed(List<Item> notSent) {
        notSent.forEach(item -> item.taken = false);
    }

    /** The log has taken these, and the fence knows their versions: they are alive again. */
    void sent(List<Item> done) {
        Position upTo = null;
        synchronized (this) {
            done.forEach(this::leave);
            while (!items.isEmpty() && items.getFirst().done) {
                upTo = items.removeFirst().end;
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

    private void leave(Item item) {
        item.done = true;
        newest.remove(item.event, item);
        waiting--;
        sent++;
        if (!item.event.isOfKey()) {
            fence.dead().remove(fence.floors(item.event.cache()));
        } else {
            fence.dead().remove(key(item.event).hash());
        }
    }

    /** Hands over what waits for a cache. */
    synchronized void forEach(String cache, Consumer<QueuedEvent> consumer) {
        for (Item item : items) {
            if (!item.done && item.event.cache().equals(cache)) {
                consumer.accept(item.event);
            }
        }
    }

    synchronized boolean isEmpty() {
        return waiting == 0;
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
        return new WriteQueueStatus(waiting, files.bytes(), accepted, sent, refused, partitionsAway > 0);
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
        try {
            open.close();
        } catch (IOException e) {
            LOG.warn("the files of the write queue did not close, directory={}", limits.directory(), e);
        }
        return waiting;
    }

    /** No room. */
    private static final class QueueFull extends Exception {
        private static final long serialVersionUID = 1L;

        QueueFull(String message) {
            super(message);
        }
    }
}
