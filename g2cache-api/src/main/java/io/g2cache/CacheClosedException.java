package io.g2cache;

/** The cache is closed or closing, while its node goes on; {@link G2Node#cache} opens it again. */
public final class CacheClosedException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public CacheClosedException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public CacheClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
