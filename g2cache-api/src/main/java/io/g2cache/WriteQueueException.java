package io.g2cache;

/** The log is away, and the write could not be queued either: the queue is full, or its disk has failed. */
public class WriteQueueException extends SyncLogException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param outcome what is known of the attempt to write to the log
     */
    public WriteQueueException(Outcome outcome, String message, Throwable cause) {
        super(outcome, message, cause);
    }
}
