package io.g2cache.testkit;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A reader that hands events over late or twice. To end a poll before an event it throws {@link Stop} out of its handler:
 * the wrapped reader then starts again at that event, so that nothing is lost and no commit passes it, and the handler is
 * told that it has had everything before. Not thread-safe, as every reader.
 */
final class FaultyReader implements LogReader {
    private static final int REMEMBERED = 8;

    private final SyncLog log;
    private final LogReader reader;
    private final Faults<LogFault> faults;
    private final LongSupplier heldBack;
    private final BooleanSupplier isCut;
    private final BiConsumer<Integer, Long> taken;
    private final Map<Integer, Deque<Handed>> recent = new HashMap<>();

    FaultyReader(
            SyncLog log,
            LogReader reader,
            Faults<LogFault> faults,
            LongSupplier heldBack,
            BooleanSupplier isCut,
            BiConsumer<Integer, Long> taken) {
        this.log = log;
        this.reader = reader;
        this.faults = faults;
        this.heldBack = heldBack;
        this.isCut = isCut;
        this.taken = taken;
    }

    private record Handed(long offset, Event event) {}

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("the poll ends here", null, false, false);
        }
    }

    @Override
    public int poll(Duration maxWait, LogHandler handler) {
        if (isCut.getAsBoolean()) {
            return 0;
        }
        long held = heldBack.getAsLong();
        int[] events = {0};
        LogPosition end = held > 0 ? Race.await(log.endOffsets()) : null;
        LogHandler faulty = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                boolean kept = end != null && offset >= end.offset(partition) - held;
                if (kept || faults.strikes(LogFault.DELAY)) {
                    onPosition(partition, offset);
                    throw new Stop();
                }
                handler.onEvent(partition, offset, event);
                events[0]++;
                events[0] += repeat(partition, new Handed(offset, event), handler);
            }

            @Override
            public void onGap(int partition, long next, String reason) {
                handler.onGap(partition, next, reason);
            }

            @Override
            public void onPosition(int partition, long next) {
                handler.onPosition(partition, next);
                taken.accept(partition, next);
            }
        };
        try {
            reader.poll(maxWait, faulty);
        } catch (Stop e) {
            return events[0];
        }
        return events[0];
    }

    private int repeat(int partition, Handed newest, LogHandler handler) {
        Deque<Handed> handed = recent.computeIfAbsent(partition, p -> new ArrayDeque<>());
        handed.addLast(newest);
        if (handed.size() > REMEMBERED) {
            handed.removeFirst();
        }
        if (!faults.strikes(LogFault.REPEAT)) {
            return 0;
        }
        List<Handed> all = new ArrayList<>(handed);
        List<Handed> again = all.subList(all.size() - faults.upTo(all.size()), all.size());
        again.forEach(event -> handler.onEvent(partition, event.offset, event.event));
        return again.size();
    }

    @Override
    public void commit() {
        if (isCut.getAsBoolean() || faults.strikes(LogFault.COMMIT_FAILED)) {
            throw new SyncLogException(Outcome.FAILED, "injected fault=" + LogFault.COMMIT_FAILED);
        }
        reader.commit();
    }

    @Override
    public Map<Integer, Long> positions() {
        return reader.positions();
    }

    @Override
    public void hold(Set<Integer> partitions) {
        reader.hold(partitions);
    }

    @Override
    public void wakeUp() {
        reader.wakeUp();
    }

    @Override
    public void close() {
        reader.close();
    }
}
