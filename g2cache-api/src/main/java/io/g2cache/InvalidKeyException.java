package io.g2cache;

/** A key is null, empty, too large or cannot be encoded. The message names the key's size and the limit. */
public final class InvalidKeyException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public InvalidKeyException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public InvalidKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
