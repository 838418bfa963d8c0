package io.g2cache.bench;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Our log: an event is appended, and a reader in another thread has it handed over. The reader's thread ends when
 * {@code closed} is set and it is woken.
 */
final class LogPropagation implements Propagation {
    private static final String ORIGIN = "bench";
    private static final Duration POLL = Duration.ofMillis(500);

    private final SyncLog log;
    private final LogReader reader;
    private final Thread thread = new Thread(this::read, "g2cache-bench-tail");
    private final Arrivals arrivals = new Arrivals();
    private volatile boolean closed;
    private int step;

    LogPropagation(Deployment deployment) throws Exception {
        log = deployment
                .log()
                .open(new LogContext(
                        "bench-propagation",
                        ORIGIN,
                        Duration.ofDays(7),
                        Duration.ofMinutes(1),
                        2 << 20,
                        TimeSource.SYSTEM));
        reader = log.tail(log.endOffsets().get(10, TimeUnit.SECONDS));
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        LogHandler handler = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                arrivals.one();
            }

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new IllegalStateException("gap: " + reason);
            }

            @Override
            public void onPosition(int partition, long next) {}
        };
        while (!closed) {
            reader.poll(POLL, handler);
        }
    }

    @Override
    public long nanos() throws Exception {
        byte[] key = ("key-" + step++).getBytes(StandardCharsets.UTF_8);
        long start = System.nanoTime();
        var acknowledged = log.append(step % log.partitions(), new Event.Invalidate("bench", key, ORIGIN));
        arrivals.await();
        long nanos = System.nanoTime() - start;
        acknowledged.get(10, TimeUnit.SECONDS);
        return nanos;
    }

    @Override
    public void close() {
        closed = true;
        reader.wakeUp();
        try {
            thread.join(2 * POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            reader.close();
        }
        log.close();
    }
}
