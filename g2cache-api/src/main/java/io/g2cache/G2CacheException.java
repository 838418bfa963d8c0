package io.g2cache;

/** What every exception of this product extends. */
public class G2CacheException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public G2CacheException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public G2CacheException(String message, Throwable cause) {
        super(message, cause);
    }
}
