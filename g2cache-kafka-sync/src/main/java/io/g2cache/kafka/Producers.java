package io.g2cache.kafka;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer in use. One that has failed for good, so that it refuses everything, is replaced by a new one, after pauses that
 * double as long as no append succeeds. What the old one had not sent ends with an unknown outcome.
 *
 * <p>Concurrency: any thread; replacing is guarded by the monitor.
 */
final class Producers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Producers.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Producer<byte[], byte[]>> factory;
    private final TimeSource time;
    private volatile Producer<byte[], byte[]> current;
    private volatile boolean hasSucceeded = true;
    private Duration pause = SHORTEST_PAUSE;
    private long dueNanos;
    private boolean closed;

    Producers(Supplier<Producer<byte[], byte[]>> factory, TimeSource time) {
        this.factory = factory;
        this.time = time;
        this.dueNanos = time.monotonicNanos();
        this.current = factory.get();
    }

    Producer<byte[], byte[]> current() {
        return current;
    }

    /** An append was acknowledged. */
    void succeeded() {
        if (!hasSucceeded) {
            hasSucceeded = true;
        }
    }

    /**
     * Whether what a send has thrown means that the producer will refuse everything from now on: it is in a fatal state, or its
     * thread has died.
     */
    static boolean isFatal(Exception thrown) {
        return thrown instanceof IllegalStateException
                || (thrown instanceof KafkaException
                        && !(thrown instanceof ApiException)
                        && !(thrown instanceof InterruptException));
    }

    /** The given producer has failed for good; it is replaced, unless that was done already or is not due yet. */
    synchronized void replace(Producer<byte[], byte[]> failed, Exception cause) {
        long now = time.monotonicNanos();
        if (closed || current != failed || now - dueNanos < 0) {
            return;
        }
        if (hasSucceeded) {
            pause = SHORTEST_PAUSE;
            hasSucceeded = false;
        }
        dueNanos = now + pause.toNanos();
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        LOG.warn("the producer has failed for good and is replaced", cause);
        try {
            current = factory.get();
        } catch (KafkaException e) {
            LOG.warn("no new producer could be made; tried again in {}", pause, e);
            return;
        }
        failed.close(Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close(CLOSE_TIMEOUT);
    }
}
