package io.g2cache.testkit;

/** What a {@link FaultyLog} does to the log of a node. */
public enum LogFault {
    /** An append writes nothing and says so. */
    APPEND_FAILED,
    /** An append writes nothing, because the log refuses it. */
    APPEND_REFUSED,
    /** An append writes, and its outcome is reported as unknown. */
    APPEND_UNKNOWN_WRITTEN,
    /** An append writes nothing, and its outcome is reported as unknown. */
    APPEND_UNKNOWN_LOST,
    /** An append's outcome is reported as unknown, and it writes at {@link FaultyLog#releaseLate()}. */
    APPEND_UNKNOWN_LATE,
    /** A poll ends before an event, which a later poll hands over. */
    DELAY,
    /** After an event the last few of its partition are handed over again, in order. */
    REPEAT,
    /** A commit fails and commits nothing. */
    COMMIT_FAILED
}
