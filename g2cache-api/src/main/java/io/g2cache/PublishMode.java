package io.g2cache;

/**
 * What a put tells the other nodes. The log carries the same event for the two modes with a value; each node takes it as its
 * own specification of the cache says.
 */
public enum PublishMode {
    /** That the key has changed: they drop it, and find the value in the out tier. */
    INVALIDATE,
    /**
     * The new value: those whose local tier holds the key take it, the others find it in the out tier. For values that only
     * some nodes read.
     */
    VALUE_TO_HOLDERS,
    /** The new value: all of them take it, and so hold keys that they may never have read. */
    VALUE;

    /** Whether the event of a put carries the value. */
    public boolean carriesValues() {
        return this != INVALIDATE;
    }
}
