package io.g2cache.internal;

import org.jspecify.annotations.Nullable;

/** What the caches of a node share. */
record NodeParts(
        String nodeId,
        Sequencer sequencer,
        FillFence fence,
        ServingGate gate,
        Lifecycle lifecycle,
        Calls calls,
        Workers workers,
        @Nullable OutTiers outTiers) {}
