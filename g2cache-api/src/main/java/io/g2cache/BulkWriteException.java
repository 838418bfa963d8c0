package io.g2cache;

import java.util.Map;

/** Some keys of a bulk write were not written. Says for each key what became of it. */
public final class BulkWriteException extends SyncLogException {
    private static final long serialVersionUID = 1L;

    /** What became of one key. */
    public enum KeyOutcome {
        /** Written. */
        DONE,
        /** Not written. */
        FAILED,
        /** Perhaps written. */
        UNKNOWN,
        /** Queued until the log is back, where it will be an invalidation; see {@link WhenLogIsAway#QUEUE}. */
        QUEUED
    }

    private final transient Map<?, KeyOutcome> outcomes;
    private final transient WriteToken token;

    /**
     * Creates an exception.
     *
     * @param outcomes what became of each key, by the key as the caller gave it; not copied
     * @param token covers the keys that are done
     * @param cause the first failure
     */
    public BulkWriteException(String message, Map<?, KeyOutcome> outcomes, WriteToken token, Throwable cause) {
        super(worst(outcomes), message, cause);
        this.outcomes = outcomes;
        this.token = token;
    }

    private static Outcome worst(Map<?, KeyOutcome> outcomes) {
        return outcomes.containsValue(KeyOutcome.UNKNOWN) ? Outcome.UNKNOWN : Outcome.FAILED;
    }

    /** What became of each key. */
    public Map<?, KeyOutcome> outcomes() {
        return outcomes;
    }

    /** Covers what was done. */
    public WriteToken token() {
        return token;
    }
}
