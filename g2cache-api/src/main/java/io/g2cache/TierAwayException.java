package io.g2cache;

/** A call of a tier was not made, as so many before it have failed or were slow that the tier is taken to be away. */
public final class TierAwayException extends TierException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public TierAwayException(String message) {
        super(message);
    }
}
