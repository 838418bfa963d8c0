package io.g2cache.internal;

import io.g2cache.spi.Agent;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Applies the events of this node's share of the partitions to the out tier, in case their writer died in between, and
 * commits afterwards. What the out tier did not take ends the cycle with an exception, and the next one repeats it; nothing
 * is committed before all of a batch was taken, and nothing more is read, so that a tier that is away for long costs no memory.
 *
 * <p>Mostly there is nothing to do, as the writers have done it: each cycle costs a bulk read of the tier, a commit and often a
 * note in the ledger all the same. So a cycle that found only a few events reports nothing done, which the agent's pause follows,
 * and the next one takes together what has come meanwhile.
 *
 * <p>A partition stops at a redo until the range of that was applied once more; no commit passes it before, so that whoever
 * takes over begins it anew.
 *
 * <p>Concurrency: driven by one thread; {@code wakeUp} and {@code doubt} from any.
 */
final class Materialiser implements Agent, LogHandler {
    /** The pause after a cycle that found nothing, or few events: how much later an event may come that its writer did not apply. */
    static final Duration PAUSE = Duration.ofMillis(50);

    /** So many events are worth the next cycle at once. */
    static final int MANY_EVENTS = 100;

    private final LogReader reader;
    private final Map<String, EventApplier.Target> targets;
    private final OutBatch batch;
    private final OutEvents events;
    private final OutRedos redos;
    private final OutPublisher publisher;
    private final LocalRedo localRedo;
    private boolean hasPassedRedo;

    /** Ends a poll before a redo: the reader hands it over again. */
    private static final class Held extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Held() {
            super("the partition waits for its redo", null, false, false);
        }
    }

    /** The map of open caches by name is shared with the node. */
    Materialiser(
            SyncLog log,
            OutTiers tiers,
            OutLedger ledger,
            LocalRedo localRedo,
            Map<String, EventApplier.Target> targets,
            TimeSource time) {
        LimitedLog failures = new LimitedLog(LoggerFactory.getLogger(Materialiser.class), time);
        this.reader = log.materialiser();
        this.localRedo = localRedo;
        this.targets = targets;
        this.batch = new OutBatch(tiers);
        this.events = new OutEvents(log.partitions(), batch, failures);
        this.redos = new OutRedos(log, tiers, failures);
        this.publisher = new OutPublisher(log, ledger, redos, time, failures);
    }

    @Override
    public String name() {
        return "materialiser";
    }

    @Override
    public int doWork(Duration maxWait) {
        int done = localRedo.step();
        boolean isIdle = false;
        if (batch.isEmpty() && events.count() == 0) {
            poll(done > 0 || !redos.isEmpty() ? Duration.ZERO : maxWait);
            isIdle = events.count() == 0;
        }
        int applied = batch.apply(maxWait);
        boolean isFew = false;
        if (batch.isEmpty()) {
            int committed = events.count() == 0 ? 0 : commit();
            applied += committed;
            isFew = committed < MANY_EVENTS;
            publisher.step(positions(), isIdle || hasPassedRedo);
            hasPassedRedo = false;
        }
        done += redos.step(maxWait);
        return isFew && redos.isEmpty() ? done : done + applied;
    }

    private void poll(Duration maxWait) {
        reader.hold(redos.held());
        try {
            reader.poll(maxWait, this);
        } catch (Held e) {
            // the rest of what was read comes again, all but this partition
        }
        var unused = positions();
    }

    /** What was known of partitions that are missing here is forgotten: this node may have them again already. */
    private Map<Integer, Long> positions() {
        Map<Integer, Long> positions = reader.positions();
        redos.retain(positions.keySet());
        publisher.retain(positions.keySet());
        return positions;
    }

    private int commit() {
        reader.commit();
        events.countByCache().forEach(this::count);
        int committed = events.count();
        events.clear();
        return committed;
    }

    private void count(String cache, int number) {
        EventApplier.Target target = targets.get(cache);
        for (int i = 0; target != null && i < number; i++) {
            target.counters().count(Counter.EVENT_MATERIALISED);
        }
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        if (event instanceof Event.Redo redo) {
            if (!redos.isDone(partition, offset)) {
                redos.redo(partition, offset, Math.min(redo.from(), offset));
                throw new Held();
            }
            hasPassedRedo = true;
        }
        events.onEvent(partition, offset, event);
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        events.onGap(partition, next, reason);
    }

    @Override
    public void onPosition(int partition, long next) {
        // The reader commits what it has handed over.
    }

    /** The out tier may have lost something that it had taken. */
    void doubt() {
        publisher.doubt();
    }

    @Override
    public void wakeUp() {
        reader.wakeUp();
    }

    @Override
    public void onClose() {
        redos.close();
        localRedo.close();
        reader.close();
    }
}
