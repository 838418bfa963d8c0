package io.g2cache;

/**
 * The history of the log is not the one that this node knows: the topic was deleted and made anew, or its end was cut off.
 * Versions from before mean nothing any more. A node moves on to the new history by itself, with empty local tiers; a write
 * that fails with this may be repeated.
 */
public final class GenerationEndedException extends SyncLogException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception for a write that is not in the log, or for anything but a write. */
    public GenerationEndedException(String message) {
        super(Outcome.FAILED, message);
    }

    /** Creates an exception. */
    public GenerationEndedException(String message, Throwable cause) {
        super(Outcome.FAILED, message, cause);
    }
}
