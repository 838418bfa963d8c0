package io.g2cache;

/** The log failed, or refused, or did not acknowledge in time. */
public class SyncLogException extends G2CacheException {
    private static final long serialVersionUID = 1L;

    /** What is known of a write that did not succeed. */
    public enum Outcome {
        /** Nothing was written; the write may be repeated. */
        FAILED,
        /** It may have been written, or may still be. */
        UNKNOWN
    }

    private final Outcome outcome;

    /** Creates an exception without a cause. */
    public SyncLogException(Outcome outcome, String message) {
        super(message);
        this.outcome = outcome;
    }

    /** Creates an exception with a cause. */
    public SyncLogException(Outcome outcome, String message, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    /** What is known of the write; {@link Outcome#FAILED} where nothing was to be written. */
    public Outcome outcome() {
        return outcome;
    }
}
