package io.g2cache.internal;

import io.g2cache.spi.SyncLog;
import org.jspecify.annotations.Nullable;

/** What the caches of a node share. */
record NodeParts(
        String nodeId,
        Sequencer sequencer,
        @Nullable SyncLog log,
        FillFence fence,
        Lifecycle lifecycle,
        Calls calls,
        Workers workers,
        @Nullable OutTiers outTiers,
        @Nullable QueuedWrites queue) {}
