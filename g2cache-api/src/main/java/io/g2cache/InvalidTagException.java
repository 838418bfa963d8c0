package io.g2cache;

/** A tag is null, empty or too long, or a value has too many of them. The message names the size and the limit. */
public final class InvalidTagException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public InvalidTagException(String message) {
        super(message);
    }
}
