package io.g2cache;

/** What a put tells the other nodes. */
public enum PublishMode {
    /** That the key has changed: they drop it, and find the value in the out tier. */
    INVALIDATE,
    /** The new value: they take it. */
    VALUE
}
