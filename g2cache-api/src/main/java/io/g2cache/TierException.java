package io.g2cache;

/** A tier could not be opened, failed, or did not answer before its deadline. */
public class TierException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public TierException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public TierException(String message, Throwable cause) {
        super(message, cause);
    }
}
