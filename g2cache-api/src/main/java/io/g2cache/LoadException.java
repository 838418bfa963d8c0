package io.g2cache;

/** A loader threw, gave a value that cannot be cached, took longer than a caller would wait, or asked for its own key. */
public final class LoadException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public LoadException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
