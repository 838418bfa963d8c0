package io.g2cache;

/** A value is null, too large or cannot be encoded. The message names the value's size and the limit. */
public final class InvalidValueException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public InvalidValueException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public InvalidValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
