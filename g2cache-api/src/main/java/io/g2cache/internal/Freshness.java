package io.g2cache.internal;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * As of when this node is known to have applied the whole log, and the gates that close when that was too long ago.
 *
 * <p>A gate compares with the wall clock alone; {@link #tick} corrects it where that was set.
 *
 * <p>Concurrency: any thread; the monitor guards everything.
 */
final class Freshness {
    /** Proofs are renewed this often within the shortest staleness allowed, so that a few may fail before a gate closes. */
    private static final int PROOFS_PER_MAXIMUM = 10;

    private static final long LONGEST_PAUSE_MILLIS = 3_000;

    private final TimeSource time;
    private final long defaultMaximumMillis;
    private final Set<ServingGate> gates = new HashSet<>();
    private boolean proven;
    private Moment asOf;

    /** The maximum is that of a node without open caches. */
    Freshness(TimeSource time, Duration maxStaleness) {
        this.time = time;
        this.defaultMaximumMillis = maxStaleness.toMillis();
        this.asOf = Moment.now(time);
    }

    /** Renews the gate from now on, unless it is retired. */
    synchronized void add(ServingGate gate) {
        if (!gate.isRetired()) {
            gates.add(gate);
            tick();
        }
    }

    synchronized void remove(ServingGate gate) {
        gates.remove(gate);
    }

    /** Everything that was in the log at that moment has been applied. */
    synchronized void proven(Moment moment) {
        if (!proven || moment.isAfter(asOf)) {
            proven = true;
            asOf = moment;
        }
        tick();
    }

    /**
     * After how many milliseconds the next proof is wanted: at once before the first one, while a cache is being brought up to
     * date, and where the last one is late.
     */
    synchronized long pauseMillis() {
        if (!proven || isAnyBehind()) {
            return 0;
        }
        long shortest = defaultMaximumMillis;
        for (ServingGate gate : gates) {
            shortest = Math.min(shortest, gate.maximumMillis());
        }
        long pause = Math.min(LONGEST_PAUSE_MILLIS, shortest / PROOFS_PER_MAXIMUM);
        return elapsedMillis() > 2 * pause ? 0 : pause;
    }

    /** Sets the gates again by both clocks. */
    synchronized void tick() {
        if (proven) {
            long now = time.wallMillis();
            long elapsed = asOf.elapsedMillis(time, now);
            gates.forEach(gate -> gate.nodeIsFresh(now, elapsed));
        }
    }

    /** Milliseconds since the moment of the last proof, or since the start where there was none. */
    synchronized long elapsedMillis() {
        return asOf.elapsedMillis(time);
    }

    /** Wall-clock milliseconds of the moment as of which everything is applied; {@link Long#MIN_VALUE} before the first proof. */
    synchronized long asOfMillis() {
        return proven ? time.wallMillis() - elapsedMillis() : Long.MIN_VALUE;
    }

    /** Whether local hits of a cache are withheld because freshness was not proven in time. */
    synchronized boolean isStale() {
        long now = time.wallMillis();
        return gates.isEmpty()
                ? asOf.elapsedMillis(time, now) >= defaultMaximumMillis
                : gates.stream().anyMatch(gate -> gate.isStale(now));
    }

    /** Whether a cache is still being brought up to date. */
    synchronized boolean isAnyBehind() {
        return gates.stream().anyMatch(ServingGate::isBehind);
    }
}
