package io.g2cache.internal;

import io.g2cache.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/** Logs a failure that may happen at every call at most once in ten seconds, with the number left out. Thread-safe. */
final class LimitedLog {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final TimeSource time;
    private final AtomicLong nextNanos;
    private final LongAdder leftOut = new LongAdder();

    LimitedLog(Logger log, TimeSource time) {
        this.log = log;
        this.time = time;
        this.nextNanos = new AtomicLong(time.monotonicNanos());
    }

    void warn(String message, Throwable failure) {
        if (isDue()) {
            log.warn("{} (left out since the last of these: {})", message, leftOut.sumThenReset(), failure);
        } else {
            leftOut.increment();
            log.debug(message, failure);
        }
    }

    /** An error without an exception; counted together with the warnings. */
    void error(String message) {
        if (isDue()) {
            log.error("{} (left out since the last of these: {})", message, leftOut.sumThenReset());
        } else {
            leftOut.increment();
            log.debug(message);
        }
    }

    private boolean isDue() {
        long now = time.monotonicNanos();
        long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS);
    }
}
