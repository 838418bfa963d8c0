package io.g2cache.chronicle;

/**
 * Chooses what a segment evicts: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache
 * eviction", SOSP 2023). New keys enter a small queue, a tenth of the capacity; those used at least twice there move on
 * to the main queue, the others leave and are remembered for a while, and enter the main queue if they come back. The
 * main queue gives each entry another round for every use, up to three. Whatever is known to be expired leaves first where
 * it stands at the end of a queue, and gets no second round.
 *
 * <p>An entry is known by its slot, from {@link #take} to {@link #free}. About 32 bytes of heap a slot.
 *
 * <p>Concurrency: guarded by the write lock of the segment; readers of the segment, which hold its read lock, call only
 * {@link #use}, whose unsynchronised increments may get lost; and {@link #size}, {@link #keyOf} and {@link #deadlineOf} may
 * be called without a lock, for a hint.
 */
final class S3Fifo {
    /** No slot. */
    static final int NONE = -1;

    private static final int MOST_USES = 3;
    private static final int USES_TO_STAY = 2;

    private static final byte FREE = 0;
    private static final byte DETACHED = 1;
    private static final byte SMALL = 2;
    private static final byte MAIN = 3;

    private final int smallTarget;
    private final long[] keys;
    private final int[] deadlines;
    private final byte[] places;
    private final byte[] uses;
    private final int[] older;
    private final int[] newer;
    private final Ghosts ghosts;
    private final Queue small = new Queue();
    private final Queue main = new Queue();
    private int firstFree = NONE;
    private int neverUsed;
    private int size;

    /** The ends and length of a queue whose links are in {@link #older} and {@link #newer}. */
    private static final class Queue {
        int oldest = NONE;
        int newest = NONE;
        int length;
    }

    S3Fifo(int capacity) {
        smallTarget = Math.max(1, capacity / 10);
        keys = new long[capacity];
        deadlines = new int[capacity];
        places = new byte[capacity];
        uses = new byte[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        ghosts = new Ghosts(capacity - capacity / 10);
    }

    int capacity() {
        return keys.length;
    }

    /** Slots taken. */
    int size() {
        return size;
    }

    boolean isFull() {
        return size == keys.length;
    }

    /** The key that last took the slot. */
    long keyOf(int slot) {
        return keys[slot];
    }

    /** The deadline last set for the slot; {@link Integer#MAX_VALUE} where it is free. */
    int deadlineOf(int slot) {
        return places[slot] == FREE ? Integer.MAX_VALUE : deadlines[slot];
    }

    /** Whether an entry holds the slot. */
    boolean isTaken(int slot) {
        return places[slot] != FREE;
    }

    /** A use by a reader; returns whether it had been used often before. */
    boolean use(int slot) {
        byte count = uses[slot];
        if (count < MOST_USES) {
            uses[slot] = (byte) (count + 1);
            return false;
        }
        return true;
    }

    /** Takes a free slot for a new key, in no queue yet, so that it is no victim; there must be one. */
    int take(long key) {
        int slot = firstFree;
        if (slot == NONE) {
            slot = neverUsed++;
        } else {
            firstFree = older[slot];
        }
        keys[slot] = key;
        uses[slot] = 0;
        places[slot] = DETACHED;
        deadlines[slot] = Integer.MAX_VALUE;
        size++;
        return slot;
    }

    /** Puts a taken slot into the queue where its key belongs. */
    void enter(int slot, int deadline) {
        deadlines[slot] = deadline;
        if (ghosts.remove(keys[slot])) {
            append(main, MAIN, slot);
        } else {
            append(small, SMALL, slot);
        }
    }

    /** Another deadline for an entry that keeps its place. */
    void deadline(int slot, int deadline) {
        deadlines[slot] = deadline;
    }

    /** Frees a slot whose entry is gone for another reason than eviction. */
    void free(int slot) {
        unlink(slot);
        places[slot] = FREE;
        older[slot] = firstFree;
        firstFree = slot;
        size--;
    }

    /** Frees the slot of a victim and remembers its key if it was new. */
    void evicted(int slot) {
        if (places[slot] == SMALL) {
            ghosts.add(keys[slot]);
        }
        free(slot);
    }

    /** Takes an entry that is about to be written anew out of its queue, so that it is no victim; see {@link #attach}. */
    boolean detach(int slot) {
        boolean wasMain = places[slot] == MAIN;
        unlink(slot);
        places[slot] = DETACHED;
        return wasMain;
    }

    /** Puts a detached entry at the young end of its queue. */
    void attach(int slot, boolean inMain, int deadline) {
        deadlines[slot] = deadline;
        if (inMain) {
            append(main, MAIN, slot);
        } else {
            append(small, SMALL, slot);
        }
    }

    /**
     * The slot to evict next, still in its queue; {@link #NONE} if every slot is free or detached.
     *
     * @param now the time in the unit of the deadlines; entries with a smaller or equal deadline are expired
     */
    int victim(int now) {
        if (isExpired(small.oldest, now)) {
            return small.oldest;
        }
        if (isExpired(main.oldest, now)) {
            return main.oldest;
        }
        while (small.length + main.length > 0) {
            if (small.length > 0 && (small.length >= smallTarget || main.length == 0)) {
                int slot = small.oldest;
                if (uses[slot] < USES_TO_STAY || isExpired(slot, now)) {
                    return slot;
                }
                move(slot);
            } else {
                int slot = main.oldest;
                if (uses[slot] == 0 || isExpired(slot, now)) {
                    return slot;
                }
                uses[slot]--;
                unlink(slot);
                append(main, MAIN, slot);
            }
        }
        return NONE;
    }

    private void move(int slot) {
        unlink(slot);
        uses[slot] = 0;
        append(main, MAIN, slot);
    }

    private boolean isExpired(int slot, int now) {
        return slot != NONE && deadlines[slot] <= now;
    }

    private void append(Queue queue, byte place, int slot) {
        places[slot] = place;
        older[slot] = queue.newest;
        newer[slot] = NONE;
        if (queue.newest == NONE) {
            queue.oldest = slot;
        } else {
            newer[queue.newest] = slot;
        }
        queue.newest = slot;
        queue.length++;
    }

    private void unlink(int slot) {
        if (places[slot] != SMALL && places[slot] != MAIN) {
            return;
        }
        Queue queue = places[slot] == SMALL ? small : main;
        int before = older[slot];
        int after = newer[slot];
        if (before == NONE) {
            queue.oldest = after;
        } else {
            newer[before] = after;
        }
        if (after == NONE) {
            queue.newest = before;
        } else {
            older[after] = before;
        }
        queue.length--;
    }
}
