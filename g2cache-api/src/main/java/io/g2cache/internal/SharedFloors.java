package io.g2cache.internal;

import io.g2cache.spi.Floors;

/** The floors of a cache on this node, and those of them that hold for what the nodes share. Thread-safe. */
interface SharedFloors extends Floors {
    /** The version below which every entry of the partition is dead, wherever it is. */
    long sharedFloor(int partition);
}
