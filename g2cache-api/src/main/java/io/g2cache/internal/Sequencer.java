package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.util.concurrent.CompletableFuture;

/** Gives events their versions and loads their stamps: the log, or a clock where there is none. Thread-safe. */
interface Sequencer {
    /** Generation of the versions. */
    String generation();

    /** Generation of the versions in this node's own tier, which may outlive the node. */
    String localGeneration();

    /** Every event below this position has been applied here. */
    LogPosition position();

    /** How many partitions there are. */
    int partitions();

    /** Whether other nodes hear of what is appended. */
    boolean isShared();

    /** Appends an event; fails with a {@link io.g2cache.SyncLogException}. */
    CompletableFuture<Appended> append(int partition, Event event);

    /** The newest version of this partition of which this node has certainly applied everything up to it. */
    long stamp(int partition);

    /** Fails with a {@link io.g2cache.SyncLogException} where the log was never reached, so that no position says anything. */
    default void requireReached() {}

    /** A version of this partition was seen in the out tier, or in what the local tier has kept over a restart. */
    void observed(int partition, long version);
}
