package io.g2cache.chronicle;

import java.io.IOException;

/**
 * Chooses what a segment evicts: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache
 * eviction", SOSP 2023) with a small queue that finds its own size.
 *
 * <ul>
 *   <li>New keys enter a small queue, at first a tenth of the capacity; those used at least twice there move on to the main
 *       queue, the others leave and are remembered for a while, and enter the main queue if they come back soon. The main
 *       queue gives each entry another round for every use, up to three.
 *   <li>While the main queue is below its share, what reaches the end of the small one moves there whether it was used or
 *       not, so that a tier that was filled by a loop keeps most of it and a longer loop still hits.
 *   <li>A key that comes back right after it left the small queue asks for a larger small queue, one that comes back right
 *       after it left the main queue for a smaller one: the target follows the more frequent, as that of ARC does
 *       (Megiddo, Modha: "ARC: a self-tuning, low overhead replacement cache", FAST 2003).
 *   <li>Of the keys that come back late, or had been in the main queue, only every eighth enters it at once; the others need
 *       but one use to get there. So a working set larger than the tier replaces the main queue slowly (the thin stream of the bimodal insertion of Qureshi, Jaleel, Patt, Steely, Emer,
 *       ISCA 2007).
 * </ul>
 *
 * <p>Whatever is known to be expired leaves first where it stands at the end of a queue, or where a hand that goes round all
 * slots, eight for each eviction, comes upon it; and it gets no second round.
 *
 * <p>An entry is known by its slot, from {@link #take} to {@link #free}. At most 31 bytes of heap a slot, and some hundred
 * for all.
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

    /** Of the keys that come back late or from the main queue, one in so many enters it. */
    private static final int LATE_KEYS = 8;

    /** Remembered even by the smallest policy. */
    private static final int LEAST_REMEMBERED = 64;

    /** Entries that the search for one victim looks at; the next one leaves whatever was its use. */
    private static final int MOST_STEPS = 512;

    /** Slots that each search looks at for one that is expired. */
    private static final int SLOTS_TRIED = 8;

    /** How slowly the room is believed to have grown, as a shift. */
    private static final int PATIENCE = 6;

    private static final byte FREE = 0;
    private static final byte DETACHED = 1;
    private static final byte SMALL = 2;
    private static final byte MAIN = 3;

    private final int leastSmall;
    private final int mostSmall;
    private final int near;
    private final int soon;
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
    private int smallTarget;
    private int lateKeys;
    private int room;
    private int victims;
    private int hand;

    /** The ends and length of a queue whose links are in {@link #older} and {@link #newer}. */
    private static final class Queue {
        int oldest = NONE;
        int newest = NONE;
        int length;

        void walk(Image.Walk walk) throws IOException {
            oldest = (int) walk.number(oldest);
            newest = (int) walk.number(newest);
            length = (int) walk.number(length);
        }
    }

    S3Fifo(int capacity) {
        smallTarget = Math.max(1, capacity / 10);
        leastSmall = Math.max(1, capacity / 100);
        mostSmall = Math.max(1, (int) (capacity * 9L / 10));
        near = Math.max(1, capacity / 9);
        soon = Math.max(1, capacity - capacity / 10);
        keys = new long[capacity];
        deadlines = new int[capacity];
        places = new byte[capacity];
        uses = new byte[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        ghosts = new Ghosts(2L * capacity + LEAST_REMEMBERED, near);
    }

    int capacity() {
        return keys.length;
    }

    /** All but the memory of keys that have left. */
    void walk(Image.Walk walk) throws IOException {
        walk.longs(keys);
        walk.ints(deadlines);
        walk.bytes(places);
        walk.bytes(uses);
        walk.ints(older);
        walk.ints(newer);
        small.walk(walk);
        main.walk(walk);
        firstFree = (int) walk.number(firstFree);
        neverUsed = (int) walk.number(neverUsed);
        size = (int) walk.number(size);
        smallTarget = (int) walk.number(smallTarget);
        lateKeys = (int) walk.number(lateKeys);
        room = (int) walk.number(room);
        victims = (int) walk.number(victims);
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
        if (belongsToMain(slot)) {
            append(main, MAIN, slot);
        } else {
            append(small, SMALL, slot);
        }
    }

    /** Puts a taken slot into the main queue, as something that has been used before. */
    void enterMain(int slot, int deadline) {
        deadlines[slot] = deadline;
        append(main, MAIN, slot);
    }

    /** Learns from when and where a key was last; one that is remembered counts as used once. */
    private boolean belongsToMain(int slot) {
        long ghost = ghosts.remove(keys[slot]);
        if (ghost == Ghosts.UNKNOWN) {
            return false;
        }
        uses[slot] = 1;
        if (ghost == Ghosts.LEFT_MAIN) {
            smallTarget = Math.max(leastSmall, smallTarget - 1);
        } else {
            long age = room == 0 ? ghost : ghost * keys.length / room;
            if (age < near) {
                smallTarget = Math.min(mostSmall, smallTarget + 1);
            }
            if (age < soon) {
                uses[slot] = 0;
                return true;
            }
        }
        lateKeys = (lateKeys + 1) % LATE_KEYS;
        return lateKeys == 0;
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

    /** Frees the slot of a victim and remembers its key. */
    void evicted(int slot) {
        ghosts.add(keys[slot], places[slot] == MAIN);
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
        int expired = expired(now);
        if (expired != NONE) {
            return expired;
        }
        int target = smallTarget();
        int steps = 0;
        while (small.length + main.length > 0) {
            steps++;
            if (small.length > 0 && (small.length >= target || main.length == 0)) {
                int slot = small.oldest;
                boolean stays = uses[slot] >= USES_TO_STAY || main.length < room - target;
                if (!stays || steps > MOST_STEPS || isExpired(slot, now)) {
                    return slot;
                }
                unlink(slot);
                uses[slot] = 0;
                append(main, MAIN, slot);
            } else {
                int slot = main.oldest;
                if (uses[slot] == 0 || steps > MOST_STEPS || isExpired(slot, now)) {
                    return slot;
                }
                uses[slot]--;
                unlink(slot);
                append(main, MAIN, slot);
            }
        }
        return NONE;
    }

    /** An expired entry at the end of a queue, or among the next few slots, which all get their turn. */
    private int expired(int now) {
        if (isExpired(small.oldest, now)) {
            return small.oldest;
        }
        if (isExpired(main.oldest, now)) {
            return main.oldest;
        }
        for (int i = 0; i < SLOTS_TRIED; i++) {
            hand = hand + 1 < neverUsed ? hand + 1 : 0;
            if ((places[hand] == SMALL || places[hand] == MAIN) && isExpired(hand, now)) {
                return hand;
            }
        }
        return NONE;
    }

    /**
     * The small queue's share of the entries that there is room for. Where entries are large, these are fewer than the
     * capacity; as many as the tier lately held when it was full are counted on, and more only slowly.
     */
    private int smallTarget() {
        int held = small.length + main.length;
        victims++;
        if (held < room || room == 0) {
            room = held;
        } else if (victims % (1 << PATIENCE) == 0 && room < held) {
            room++;
        }
        room += (held - room) >> PATIENCE;
        return Math.max(1, (int) ((long) smallTarget * room / keys.length));
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
