package io.g2cache.audit.server;

import io.g2cache.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of what a caller can bring about again and again, at most once in ten seconds; the others are debug messages. Thread-safe. */
final class Warnings {
    private static final Logger LOG = LoggerFactory.getLogger(AuditServer.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final TimeSource time;
    private final AtomicLong nextNanos;

    Warnings(TimeSource time) {
        this.time = time;
        this.nextNanos = new AtomicLong(time.monotonicNanos());
    }

    void warn(String message, Throwable failure) {
        long now = time.monotonicNanos();
        long next = nextNanos.get();
        if (now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
            LOG.warn("{}; more of this within 10 s is logged at level debug", message, failure);
        } else {
            LOG.debug(message, failure);
        }
    }
}
