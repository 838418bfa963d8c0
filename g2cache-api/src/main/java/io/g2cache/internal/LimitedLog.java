package io.g2cache.internal;

import io.g2cache.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a failure that may happen at every call at most once in ten seconds, with the number left out. Thread-safe. */
final class LimitedLog {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<Logger> log;
    private final TimeSource time;
    private final AtomicLong nextNanos;
    private final LongAdder leftOut = new LongAdder();

    LimitedLog(Logger log, TimeSource time) {
        this(() -> log, time);
    }

    private LimitedLog(Supplier<Logger> log, TimeSource time) {
        this.log = log;
        this.time = time;
        this.nextNanos = new AtomicLong(time.monotonicNanos());
    }

    /** To a logger that is asked for when there is something to log: logging libraries keep each name for ever. */
    static LimitedLog to(String name, TimeSource time) {
        return new LimitedLog(() -> LoggerFactory.getLogger(name), time);
    }

    void warn(String message, Throwable failure) {
        if (isDue()) {
            log.get().warn("{} (left out since the last of these: {})", message, leftOut.sumThenReset(), failure);
        } else {
            leftOut.increment();
            log.get().debug(message, failure);
        }
    }

    /** An error without an exception; counted together with the warnings. */
    void error(String message) {
        if (isDue()) {
            log.get().error("{} (left out since the last of these: {})", message, leftOut.sumThenReset());
        } else {
            leftOut.increment();
            log.get().debug(message);
        }
    }

    private boolean isDue() {
        long now = time.monotonicNanos();
        long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS);
    }
}
