package io.g2cache;

/** The node is closed or closing. */
public final class NodeClosedException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public NodeClosedException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public NodeClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
