package io.g2cache;

/** A lifetime is zero, negative, contradictory or beyond the cache's limit. The message names both. */
public final class InvalidLifetimeException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public InvalidLifetimeException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public InvalidLifetimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
