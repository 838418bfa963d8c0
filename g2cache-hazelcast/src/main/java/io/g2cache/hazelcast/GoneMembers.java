package io.g2cache.hazelcast;

import com.hazelcast.cluster.Address;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which members have left and are not back, each with the wall-clock moment since which it may have been cut off. That a member
 * was replaced cannot be told from a split that goes on; but nothing lives in the tier for longer than the memory. So nothing
 * reaches back further than that, and whoever has been gone for longer is taken as replaced: only a split that certainly was
 * one, or the member's own return, still counts it.
 *
 * <p>Bounded: of more members than the limit the first to leave are remembered together. Guarded by its owner.
 */
final class GoneMembers {
    /** No moment. */
    static final long NEVER = Long.MAX_VALUE;

    private final long memoryMillis;
    private final int most;
    private final Map<Address, Long> gone = new LinkedHashMap<>();
    private long forgotten = NEVER;

    /**
     * Nobody is gone.
     *
     * @param memory how long anything lives in the tier, with a margin
     * @param most how many members are remembered one by one
     */
    GoneMembers(Duration memory, int most) {
        this.memoryMillis = memory.toMillis();
        this.most = most;
    }

    /** A member has left. */
    void left(Address member, long since) {
        gone.putIfAbsent(member, since);
        if (gone.size() > most) {
            Iterator<Long> eldest = gone.values().iterator();
            forgotten = eldest.next();
            eldest.remove();
        }
    }

    /** A member is there; returns since when it was not, or {@link #NEVER}. */
    long back(Address member, long now) {
        Long since = gone.remove(member);
        return since == null ? NEVER : Math.max(since, now - memoryMillis);
    }

    /** Since when a cluster that has certainly been split may have been, or {@link #NEVER}. */
    long sinceOfSplit(long now) {
        return oldest(Long.MIN_VALUE, now);
    }

    /** Since when others may have been on their own, if somebody is, or {@link #NEVER}. */
    long since(long now) {
        return oldest(now - memoryMillis, now);
    }

    private long oldest(long after, long now) {
        long horizon = now - memoryMillis;
        long oldest = forgotten != NEVER && forgotten >= after ? horizon : NEVER;
        for (long since : gone.values()) {
            oldest = since >= after ? Math.min(oldest, Math.max(since, horizon)) : oldest;
        }
        return oldest;
    }

    /** How many are remembered one by one. */
    int remembered() {
        return gone.size();
    }
}
