package io.g2cache;

import java.time.Duration;

/**
 * How far a node, or a cache that kept its entries over a restart, has come on its way to the log's end. Immutable.
 *
 * @param eventsDone offsets passed since the start; compaction lets some of them hold no event
 * @param eventsToDo offsets left
 * @param elapsed time since the start
 */
public record CatchUp(long eventsDone, long eventsToDo, Duration elapsed) {
    /** Nothing to do. */
    public static final CatchUp NONE = new CatchUp(0, 0, Duration.ZERO);

    /** Part of the way that is done, 0 to 1; 1 where there is nothing to do. */
    public double fraction() {
        long all = eventsDone + eventsToDo;
        return all == 0 ? 1 : (double) eventsDone / all;
    }

    /** Offsets in a second, on average; 0 before the first. */
    public double eventsPerSecond() {
        return elapsed.isZero() ? 0 : eventsDone * 1e9 / elapsed.toNanos();
    }

    /** How long the rest takes at that rate; {@link Duration#ZERO} where nothing is left, or nothing is known. */
    public Duration left() {
        double rate = eventsPerSecond();
        return eventsToDo == 0 || rate == 0 ? Duration.ZERO : Duration.ofMillis((long) (eventsToDo * 1000 / rate));
    }

    /** Both together. */
    public CatchUp plus(CatchUp other) {
        return new CatchUp(
                eventsDone + other.eventsDone,
                eventsToDo + other.eventsToDo,
                elapsed.compareTo(other.elapsed) > 0 ? elapsed : other.elapsed);
    }
}
