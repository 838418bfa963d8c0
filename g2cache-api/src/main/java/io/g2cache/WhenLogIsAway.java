package io.g2cache;

/** What becomes of a write that the log does not take because it cannot be reached, or does not answer in time. */
public enum WhenLogIsAway {
    /** The call fails with a {@link SyncLogException}. */
    FAIL,
    /**
     * The write is queued on the disk of its node ({@link G2NodeBuilder#writeQueue}) and sent later, as an invalidation of its
     * key, or as a clear: an old value must not beat newer ones. Until then the node treats the key as dead: it serves no
     * value of its tiers, and loads are returned but not stored, also after a restart. Other nodes hear of the write only when it
     * was sent; until then they serve what they hold, within the bounds that they have without it.
     *
     * <p>The call returns a token that {@linkplain WriteToken#isQueued() says so}. Where the queue is full or its disk fails, it
     * throws a {@link WriteQueueException}. What the log refuses, such as an event that is too large or not authorised, is never
     * queued.
     */
    QUEUE
}
