package io.g2cache.it.chaos;

import io.g2cache.it.RecordLine;
import java.util.List;
import java.util.Locale;

/**
 * One call of a client, as it was recorded. Times are nanoseconds of the machine's monotonic clock, which all processes of one
 * machine share. Immutable.
 *
 * @param node number of the node that was called
 * @param life which run of that node's process, from 1
 * @param kind what was called
 * @param key number of the key; {@link #NO_KEY} of a clear
 * @param start before the call; of a write, before the database was changed
 * @param committed of a write, after the database was changed and before the cache was told; else the start
 * @param end after the call
 * @param version the row's version that was read, 0 for none, or written
 * @param asked the version that a read with a token must at least see; else 0
 * @param outcome what became of it
 */
record Operation(
        int node,
        int life,
        Kind kind,
        int key,
        long start,
        long committed,
        long end,
        long version,
        long asked,
        Outcome outcome) {
    static final int NO_KEY = -1;
    static final String TAG = "op";

    /** What a client called. */
    enum Kind {
        /** A read that may load. */
        READ,
        /** A read with another node's token. */
        TOKEN_READ,
        /** A read at rest, after everything was healed. */
        FINAL_READ,
        /** A read at rest, by a node that has no entries of its own and loads nothing: what the out tier holds. */
        OUT_READ,
        /** The row was changed, then the key invalidated. */
        INVALIDATE,
        /** The row was changed, then the key's tag invalidated. */
        INVALIDATE_TAG,
        /** The row was changed, then the value put; each such key has one writer. */
        PUT,
        /** Everything was dropped; no row was changed. */
        CLEAR;

        boolean isWrite() {
            return compareTo(INVALIDATE) >= 0;
        }

        /** For people. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What became of a call. */
    enum Outcome {
        /** It was answered, or acknowledged. */
        OK,
        /** The write waits in the node's queue. */
        QUEUED,
        /** The call failed, and a write has changed nothing but the row. */
        FAILED,
        /** The write was not acknowledged, and may still happen. */
        UNKNOWN,
        /** The write was about to be made; another line tells its outcome, unless the process was killed. */
        BEGUN,
        /** The token was not taken. */
        REFUSED
    }

    boolean isOk() {
        return outcome == Outcome.OK;
    }

    /** One line of a history. */
    String line() {
        return TAG + "\t" + RecordLine.of("\t", this);
    }

    /** Reads the fields of a line. */
    static Operation parse(List<String> fields) {
        return RecordLine.parse(Operation.class, fields.subList(1, fields.size()));
    }
}
