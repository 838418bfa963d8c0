package io.g2cache.internal;

import io.g2cache.internal.QueuedWrites.Item;
import io.g2cache.internal.queue.QueuedEvent;
import io.g2cache.spi.Agent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.Tags;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits in the queue, in its order, as soon as the log answers: one event while it does not, more and more once it
 * does. An event leaves the queue when the log has acknowledged it, and not before its version is known to the fence; whatever
 * goes wrong, it is sent again.
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
    private List<Sent> underWay = List.of();
    private int batch = 1;
    private long dueNanos;

    /** What a partition has answered, or will. */
    private record Answer(int partition, CompletableFuture<Appended> appended) {}

    /** An event with the answers that are awaited for it: one, or one of each partition. */
    private record Sent(Item item, List<Answer> answers) {
        boolean isAnswered() {
            return answers.stream().allMatch(answer -> answer.appended.isDone());
        }
    }

    QueueDrain(QueuedWrites queue, Sequencer sequencer, FillFence fence, String nodeId, TimeSource time) {
        this.queue = queue;
        this.sequencer = sequencer;
        this.fence = fence;
        this.nodeId = nodeId;
        this.time = time;
        this.failures = new LimitedLog(LoggerFactory.getLogger(QueueDrain.class), time);
        this.dueNanos = time.monotonicNanos();
        queue.onAdded(this::wakeUp);
    }

    @Override
    public String name() {
        return "write-queue";
    }

    @Override
    public int doWork(Duration maxWait) {
        if (!underWay.isEmpty()) {
            if (!underWay.stream().allMatch(Sent::isAnswered)) {
                await(maxWait);
                return 0;
            }
            return answered();
        }
        long left = dueNanos - time.monotonicNanos();
        if (queue.isEmpty() || left > 0) {
            await(queue.isEmpty() ? maxWait : Duration.ofNanos(Math.min(left, maxWait.toNanos())));
            return 0;
        }
        underWay = queue.take(batch).stream().map(this::send).toList();
        return underWay.size();
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

    private Sent send(Item item) {
        QueuedEvent event = item.event();
        List<Answer> answers = new ArrayList<>();
        if (!event.isOfKey()) {
            Event everywhere = event.kind() == QueuedEvent.Kind.CLEAR
                    ? new Event.Clear(event.cache(), nodeId)
                    : new Event.Tag(event.cache(), event.tag(), nodeId);
            for (int p = 0; p < sequencer.partitions(); p++) {
                answers.add(append(p, everywhere));
            }
        } else {
            answers.add(append(key(event).partition(), new Event.Invalidate(event.cache(), event.key(), nodeId)));
        }
        answers.forEach(answer -> {
            var unused = answer.appended.whenComplete((appended, failure) -> wakeUp());
        });
        return new Sent(item, List.copyOf(answers));
    }

    private EncodedKey key(QueuedEvent event) {
        return new KeySpace(event.cache(), sequencer.partitions()).key(event.key());
    }

    private Answer append(int partition, Event event) {
        try {
            return new Answer(partition, sequencer.append(partition, event));
        } catch (RuntimeException e) {
            return new Answer(partition, CompletableFuture.failedFuture(e));
        }
    }

    private int answered() {
        List<Item> done = new ArrayList<>();
        List<Item> failed = new ArrayList<>();
        Set<Integer> stuck = new HashSet<>();
        Throwable failure = null;
        for (Sent sent : underWay) {
            Throwable why = settle(sent, stuck);
            failure = failure == null ? why : failure;
            boolean isStuck = sent.answers.stream().anyMatch(answer -> stuck.contains(answer.partition));
            (isStuck ? failed : done).add(sent.item);
        }
        underWay = List.of();
        queue.failed(failed);
        queue.sent(done);
        if (failure == null) {
            batch = Math.min(batch * GROWTH, MOST);
        } else {
            failures.warn("queued writes were not sent yet", failure);
            batch = done.isEmpty() ? 1 : batch;
            dueNanos = time.monotonicNanos() + PAUSE.toNanos();
        }
        return done.size();
    }

    /**
     * Tells the fence of what was acknowledged; returns why something was not, or null. What follows in a partition that did
     * not take something is sent again behind it.
     */
    private @Nullable Throwable settle(Sent sent, Set<Integer> stuck) {
        Throwable failure = null;
        for (Answer answer : sent.answers) {
            Throwable failed = Failures.of(answer.appended);
            if (failed != null) {
                failure = failed;
                stuck.add(answer.partition);
            } else {
                acknowledged(sent.item.event(), answer.appended.join());
            }
        }
        return failure;
    }

    private void acknowledged(QueuedEvent event, Appended appended) {
        switch (event.kind()) {
            case INVALIDATE -> fence.record(key(event), appended.version());
            case CLEAR -> fence.floors(event.cache()).raise(appended.partition(), appended.version());
            case TAG ->
                fence.floors(event.cache()).raiseTag(appended.partition(), Tags.hash(event.tag()), appended.version());
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
