package io.g2cache.hazelcast;

import java.time.Duration;

/**
 * How the shared tier behaves, whichever way it is connected. Immutable; made from {@link #DEFAULTS} by the {@code with}
 * methods, which check what they are given.
 *
 * @param readTimeout how long a read may take, 1 ms to 1 min; a bulk read has it anew for each started thousand keys;
 *     default 250 ms
 * @param writeTimeout how long a lease, fill, apply or floor may take, 1 ms to 1 min; default 1 s
 * @param leaseLife how long the placeholder of a load lives, 1 s to 1 h; default 30 s. Longer than a load takes, or its
 *     value is not shared
 * @param backupCount synchronous backups of each entry, 0 to 6; default 1. What is lost is a miss
 * @param maxHeapPercent how much of each member's heap one cache may fill before its least recently used entries are
 *     evicted, 1 to 90; 0 for no eviction; default 20
 * @param callThreads how many conditional writes and bulk reads may be under way at once, 1 to 256; default 16. A
 *     thousand more may wait; beyond that they fail at once
 */
public record OutOptions(
        Duration readTimeout,
        Duration writeTimeout,
        Duration leaseLife,
        int backupCount,
        int maxHeapPercent,
        int callThreads) {
    // Before DEFAULTS: its constructor uses them.
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration MIN_LIFE = Duration.ofSeconds(1);
    private static final Duration MAX_LIFE = Duration.ofHours(1);

    /** The defaults. */
    public static final OutOptions DEFAULTS =
            new OutOptions(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(30), 1, 20, 16);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException that names the value and its limits
     */
    public OutOptions {
        Checks.inRange("readTimeout", readTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
        Checks.inRange("writeTimeout", writeTimeout, MIN_TIMEOUT, MAX_TIMEOUT);
        Checks.inRange("leaseLife", leaseLife, MIN_LIFE, MAX_LIFE);
        Checks.inRange("backupCount", backupCount, 0, 6);
        Checks.inRange("maxHeapPercent", maxHeapPercent, 0, 90);
        Checks.inRange("callThreads", callThreads, 1, 256);
    }

    /** The same with another read timeout. */
    public OutOptions withReadTimeout(Duration value) {
        return new OutOptions(value, writeTimeout, leaseLife, backupCount, maxHeapPercent, callThreads);
    }

    /** The same with another write timeout. */
    public OutOptions withWriteTimeout(Duration value) {
        return new OutOptions(readTimeout, value, leaseLife, backupCount, maxHeapPercent, callThreads);
    }

    /** The same with another life of placeholders. */
    public OutOptions withLeaseLife(Duration value) {
        return new OutOptions(readTimeout, writeTimeout, value, backupCount, maxHeapPercent, callThreads);
    }

    /** The same with another number of backups. */
    public OutOptions withBackupCount(int value) {
        return new OutOptions(readTimeout, writeTimeout, leaseLife, value, maxHeapPercent, callThreads);
    }

    /** The same with another share of the heap. */
    public OutOptions withMaxHeapPercent(int value) {
        return new OutOptions(readTimeout, writeTimeout, leaseLife, backupCount, value, callThreads);
    }

    /** The same with another number of threads. */
    public OutOptions withCallThreads(int value) {
        return new OutOptions(readTimeout, writeTimeout, leaseLife, backupCount, maxHeapPercent, value);
    }
}
