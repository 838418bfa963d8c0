package io.g2cache.hazelcast;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreaker.State;
import dev.failsafe.event.CircuitBreakerStateChangedEvent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the caches of a provider from calling a tier that does not answer: Failsafe's circuit breaker, told of each call of
 * theirs. It opens after failures and slow calls, and lets one call through after each pause; if that succeeds, it closes.
 *
 * <p>Concurrency: any thread; the state is Failsafe's. Whoever was let through says how the call has ended, or no other probe
 * would be let through: every call ends by its own deadline. A call from before the breaker opened may end during a probe and
 * count as that probe; that costs a pause, or is as good a proof.
 */
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final BreakerOptions options;
    private final String tier;
    private final @Nullable CircuitBreaker<Object> circuit;
    private final LongAdder opened = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** A breaker for the tier of that name. */
    Breaker(BreakerOptions options, String tier) {
        this.options = options;
        this.tier = tier;
        this.circuit = options.failures() == 0
                ? null
                : CircuitBreaker.builder()
                        .withFailureThreshold(options.failures(), options.calls())
                        .withSuccessThreshold(1)
                        .withDelay(options.pause())
                        .onOpen(this::onOpen)
                        .onHalfOpen(event -> LOG.debug("{} is probed", tier))
                        .onClose(event -> LOG.info("{} answers again and is called as before", tier))
                        .build();
    }

    /** One that never opens. */
    static Breaker none() {
        return new Breaker(BreakerOptions.OFF, "");
    }

    private void onOpen(CircuitBreakerStateChangedEvent event) {
        if (event.getPreviousState() != State.CLOSED) {
            LOG.debug("{} is still away", tier);
            return;
        }
        opened.increment();
        LOG.warn(
                "{} is taken to be away: failures or slow calls={} of the last calls={}; its caches do without it, and probe"
                        + " it every milliseconds={}",
                tier,
                options.failures(),
                options.calls(),
                options.pause().toMillis());
    }

    /** Whether a call may be made; one that is made must be followed by {@link #ended}. Counts those that may not. */
    boolean lets() {
        CircuitBreaker<Object> its = circuit;
        if (its == null || its.tryAcquirePermit()) {
            return true;
        }
        refused.increment();
        return false;
    }

    /**
     * A call has ended.
     *
     * @param steps how many times the duration of a slow call it may take
     */
    void ended(boolean succeeded, long nanos, int steps) {
        CircuitBreaker<Object> its = circuit;
        if (its == null) {
            return;
        }
        if (succeeded && nanos < options.slowCall().toNanos() * steps) {
            its.recordSuccess();
        } else {
            its.recordFailure();
        }
    }

    boolean isAway() {
        CircuitBreaker<Object> its = circuit;
        return its != null && !its.isClosed();
    }

    /** Until when it is not called, from now; zero if it is. */
    Duration pauseLeft() {
        CircuitBreaker<Object> its = circuit;
        return its == null ? Duration.ZERO : its.getRemainingDelay();
    }

    /** For the message of a refused call. */
    String reason() {
        return "refused: the tier is taken to be away after failures=" + options.failures() + " of calls="
                + options.calls() + ", next probe in milliseconds="
                + TimeUnit.NANOSECONDS.toMillis(pauseLeft().toNanos());
    }

    BreakerStatus status() {
        return new BreakerStatus(isAway(), opened.sum(), refused.sum());
    }
}
