package io.g2cache.internal;

import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.SyncLog;
import org.jspecify.annotations.Nullable;

/**
 * What the caches of a node share, in one generation of its log; without a log there is neither freshness nor an end,
 * and while it is still to be reached, freshness that is never proven.
 */
record NodeParts(
        String nodeId,
        Sequencer sequencer,
        LocalCacheProvider local,
        @Nullable SyncLog log,
        FillFence fence,
        Lifecycle lifecycle,
        Tokens tokens,
        Workers workers,
        Agents agents,
        @Nullable OutTiers outTiers,
        @Nullable OutSide outSide,
        @Nullable Freshness freshness,
        @Nullable GenerationEnd generation,
        @Nullable QueuedWrites queue) {}
