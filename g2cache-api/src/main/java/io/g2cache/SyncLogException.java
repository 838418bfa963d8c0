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
    private final boolean refusal;

    /** Creates an exception without a cause. */
    public SyncLogException(Outcome outcome, String message) {
        this(outcome, false, message);
    }

    /** Creates an exception with a cause. */
    public SyncLogException(Outcome outcome, String message, Throwable cause) {
        this(outcome, false, message, cause);
    }

    private SyncLogException(Outcome outcome, boolean refusal, String message, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
        this.refusal = refusal;
    }

    private SyncLogException(Outcome outcome, boolean refusal, String message) {
        super(message);
        this.outcome = outcome;
        this.refusal = refusal;
    }

    /** The log was there and said no: nothing was written, and it would say the same again. */
    public static SyncLogException refused(String message) {
        return new SyncLogException(Outcome.FAILED, true, message);
    }

    /** The same, with what it said. */
    public static SyncLogException refused(String message, Throwable cause) {
        return new SyncLogException(Outcome.FAILED, true, message, cause);
    }

    /** Whether the log was there and refused, so that neither a repetition nor waiting for the log helps. */
    public boolean isRefusal() {
        return refusal;
    }

    /** What is known of the write; {@link Outcome#FAILED} where nothing was to be written. */
    public Outcome outcome() {
        return outcome;
    }
}
