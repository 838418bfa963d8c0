package io.g2cache.internal;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A log whose partitions take events, refuse them or do not answer, as the test says. Used by one thread. */
final class ScriptedSequencer implements Sequencer {
    final Set<Integer> away = new HashSet<>();
    final Set<Integer> silent = new HashSet<>();
    /** What each partition has taken. */
    final Map<Integer, List<Event>> taken = new TreeMap<>();
    /** How many more events a partition takes before it is away. */
    final Map<Integer, Integer> takes = new TreeMap<>();

    private final int partitions;
    int attempts;

    ScriptedSequencer(int partitions) {
        this.partitions = partitions;
    }

    List<Event> taken(int partition) {
        return taken.computeIfAbsent(partition, p -> new ArrayList<>());
    }

    @Override
    public CompletableFuture<Appended> append(int partition, Event event) {
        attempts++;
        Integer left = takes.computeIfPresent(partition, (p, more) -> more - 1);
        if (left != null && left < 0) {
            takes.remove(partition);
            away.add(partition);
        }
        if (silent.contains(partition)) {
            return new CompletableFuture<>();
        }
        if (away.contains(partition)) {
            return CompletableFuture.failedFuture(new SyncLogException(Outcome.FAILED, "a test"));
        }
        taken(partition).add(event);
        return CompletableFuture.completedFuture(
                new Appended(partition, taken(partition).size() - 1));
    }

    @Override
    public String generation() {
        return "g";
    }

    @Override
    public String localGeneration() {
        return "g";
    }

    @Override
    public LogPosition position() {
        return LogPosition.all(partitions, 0);
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public long stamp(int partition) {
        return -1;
    }

    @Override
    public void observed(int partition, long version) {}
}
