package io.g2cache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Collects what a reader hands over and checks on the way that offsets and positions of a partition only go up, and that a
 * position covers the events before it. Not thread-safe.
 */
final class SeenEvents implements LogHandler {
    private final Map<Integer, TreeMap<Long, String>> events = new HashMap<>();
    private final Map<Integer, Long> lastOffset = new HashMap<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private final List<String> inOrder = new ArrayList<>();

    @Override
    public void onEvent(int partition, long offset, Event event) {
        Long last = lastOffset.put(partition, offset);
        assertThat(offset)
                .as("offset after %s in partition %d", last, partition)
                .isGreaterThan(last == null ? -1 : last);
        assertThat(offset)
                .as("offset at position %s of partition %d", positions.get(partition), partition)
                .isGreaterThanOrEqualTo(position(partition));
        events.computeIfAbsent(partition, p -> new TreeMap<>()).put(offset, Text.of(event));
        inOrder.add(Text.of(event));
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        throw new AssertionError("gap in partition=" + partition + ": " + reason);
    }

    @Override
    public void onPosition(int partition, long next) {
        assertThat(next).as("position of partition %d", partition).isGreaterThanOrEqualTo(position(partition));
        assertThat(next)
                .as("position of partition %d", partition)
                .isGreaterThan(lastOffset.getOrDefault(partition, -1L));
        positions.put(partition, next);
    }

    /** The events of a partition by offset. */
    Map<Long, String> events(int partition) {
        return events.getOrDefault(partition, new TreeMap<>());
    }

    /** All events in the order in which they came. */
    List<String> inOrder() {
        return inOrder;
    }

    /** The last position of a partition; 0 if there was none. */
    long position(int partition) {
        return positions.getOrDefault(partition, 0L);
    }

    /** Whether the event at this offset was handed over and the position has passed it. */
    boolean hasPassed(Appended appended) {
        return events(appended.partition()).containsKey(appended.offset())
                && position(appended.partition()) > appended.offset();
    }

    boolean hasPassed(List<Appended> all) {
        return all.stream().allMatch(this::hasPassed);
    }

    /** An event in the log. */
    record Appended(int partition, long offset, Event event) {}

    /** Polls until the condition holds, at most {@link Race#DEADLINE}. */
    static void pollUntil(LogReader reader, LogHandler handler, BooleanSupplier condition) {
        until(condition, () -> reader.poll(Duration.ofMillis(50), handler));
    }

    /** Repeats the step until the condition holds, at most {@link Race#DEADLINE}. */
    static void until(BooleanSupplier condition, Runnable step) {
        long end = System.nanoTime() + Race.DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("the condition must hold within %s", Race.DEADLINE)
                    .isLessThan(end);
            step.run();
        }
    }
}
