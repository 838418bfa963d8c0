package io.g2cache.kafka.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the largest of what it is offered. Not thread-safe. */
final class Largest {
    private final int count;
    private final PriorityQueue<Item> smallestFirst = new PriorityQueue<>(Comparator.comparingLong(Item::bytes));

    Largest(int count) {
        this.count = count;
    }

    /**
     * Something large.
     *
     * @param bytes its size
     * @param partition where it lies
     * @param offset where it lies
     * @param cache name of the cache
     * @param key encoded key
     */
    record Item(long bytes, int partition, long offset, String cache, byte[] key) {}

    /** Whether an item of that size would be kept now. */
    boolean wants(long bytes) {
        Item smallest = smallestFirst.peek();
        return smallestFirst.size() < count || smallest == null || bytes > smallest.bytes();
    }

    void offer(Item item) {
        if (wants(item.bytes())) {
            smallestFirst.add(item);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
    }

    /** The largest first. */
    List<Item> items() {
        List<Item> items = new ArrayList<>(smallestFirst);
        items.sort(Comparator.comparingLong(Item::bytes)
                .reversed()
                .thenComparingInt(Item::partition)
                .thenComparingLong(Item::offset));
        return items;
    }
}
