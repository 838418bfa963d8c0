package io.g2cache.internal;

import io.g2cache.internal.queue.QueuedEvent;
import io.g2cache.spi.Agent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.Tags;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits in the queue as soon as the log answers, to each partition in its order and apart from the others, so that
 * one whose leader is away keeps nothing else from being sent: one event while the partition does not answer, more and more
 * once it does. An event leaves the queue when all partitions that it is meant for have acknowledged it, and not before its
 * version is known to the fence; whatever goes wrong, it is sent again.
 *
 * <p>Concurrency: driven by one thread; {@link #wakeUp} by any.
 */
final class QueueDrain implements Agent {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST = 1024;
    private static final int GROWTH = 4;

    private final QueuedWrites queue;
    private final Sequencer sequencer;
    private final FillFence fence;
    private final String nodeId;
    private final TimeSource time;
    private final LimitedLog failures;
    private final Semaphore signal = new Semaphore(0);
    private final List<Lane> lanes;

    /** An event with the answer that is awaited for it. */
    private record Sent(QueuedItem item, CompletableFuture<Appended> answer) {}

    QueueDrain(QueuedWrites queue, Sequencer sequencer, FillFence fence, String nodeId, TimeSource time) {
        this.queue = queue;
        this.sequencer = sequencer;
        this.fence = fence;
        this.nodeId = nodeId;
        this.time = time;
        this.failures = new LimitedLog(LoggerFactory.getLogger(QueueDrain.class), time);
        this.lanes =
                IntStream.range(0, sequencer.partitions()).mapToObj(Lane::new).toList();
        queue.onAdded(this::wakeUp);
    }

    @Override
    public String name() {
        return "write-queue";
    }

    @Override
    public int doWork(Duration maxWait) {
        int done = 0;
        BitSet waiting = queue.waiting();
        int most = MOST / Math.max(1, waiting.cardinality());
        for (Lane lane : lanes) {
            if (lane.isUnderWay() || waiting.get(lane.partition)) {
                done += lane.step(Math.max(1, most));
            }
        }
        if (done == 0) {
            await(queue.isEmpty() ? maxWait : untilDue(maxWait));
        }
        return done;
    }

    private Duration untilDue(Duration maxWait) {
        long now = time.monotonicNanos();
        return Duration.ofNanos(lanes.stream()
                .mapToLong(lane -> lane.dueNanos - now)
                .filter(left -> left > 0)
                .reduce(maxWait.toNanos(), Math::min));
    }

    private void await(Duration maxWait) {
        try {
            if (signal.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
                signal.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What goes to one partition. */
    private final class Lane {
        private final int partition;
        private List<Sent> underWay = List.of();
        private int batch = 1;
        private long dueNanos = time.monotonicNanos();

        Lane(int partition) {
            this.partition = partition;
        }

        boolean isUnderWay() {
            return !underWay.isEmpty();
        }

        /**
         * Takes the answers, once all are there, or sends the next events, at most so many; returns how many were sent or
         * acknowledged.
         */
        int step(int most) {
            if (!underWay.isEmpty()) {
                return underWay.stream().allMatch(sent -> sent.answer.isDone()) ? answered() : 0;
            }
            if (dueNanos - time.monotonicNanos() > 0) {
                return 0;
            }
            underWay = queue.take(partition, Math.min(batch, most)).stream()
                    .map(this::send)
                    .toList();
            return underWay.size();
        }

        private Sent send(QueuedItem item) {
            CompletableFuture<Appended> answer = append(event(item.event()));
            var unused = answer.whenComplete((appended, failure) -> wakeUp());
            return new Sent(item, answer);
        }

        private CompletableFuture<Appended> append(Event event) {
            try {
                return sequencer.append(partition, event);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        /** What follows something that the partition did not take is sent again behind it. */
        private int answered() {
            List<QueuedItem> taken = new ArrayList<>();
            List<QueuedItem> failed = new ArrayList<>();
            for (Sent sent : underWay) {
                Throwable failure = Failures.of(sent.answer);
                if (failure == null) {
                    acknowledged(sent.item.event(), sent.answer.join());
                } else if (failed.isEmpty()) {
                    failures.warn("queued writes were not sent yet, partition=" + partition, failure);
                }
                (failure == null && failed.isEmpty() ? taken : failed).add(sent.item);
            }
            underWay = List.of();
            queue.failed(partition, failed);
            queue.sent(partition, taken);
            if (failed.isEmpty()) {
                batch = Math.min(batch * GROWTH, MOST);
            } else {
                batch = taken.isEmpty() ? 1 : batch;
                dueNanos = time.monotonicNanos() + PAUSE.toNanos();
            }
            return taken.size();
        }
    }

    private Event event(QueuedEvent queued) {
        return switch (queued.kind()) {
            case INVALIDATE -> new Event.Invalidate(queued.cache(), queued.key(), nodeId);
            case CLEAR -> new Event.Clear(queued.cache(), nodeId);
            case TAG -> new Event.Tag(queued.cache(), queued.tag(), nodeId);
        };
    }

    private EncodedKey key(QueuedEvent event) {
        return new KeySpace(event.cache(), sequencer.partitions()).key(event.key());
    }

    private void acknowledged(QueuedEvent event, Appended appended) {
        switch (event.kind()) {
            case INVALIDATE -> fence.record(key(event), appended.version());
            case CLEAR -> fence.raise(event.cache(), of -> of.raise(appended.partition(), appended.version()));
            case TAG -> {
                long tag = Tags.hash(event.tag());
                fence.raise(event.cache(), of -> of.raiseTag(appended.partition(), tag, appended.version()));
            }
        }
        queue.isBack(appended.partition());
    }

    @Override
    public void wakeUp() {
        signal.release();
    }

    @Override
    public void onClose() {
        // The queue outlives its drain: writes are taken to the end.
    }
}
