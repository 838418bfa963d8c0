package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogScan;
import org.jspecify.annotations.Nullable;

/**
 * Asks a command that reads to end. The reading thread registers its scan; any thread may ask, once or more often. The lock
 * keeps a scan from being woken after it was closed.
 */
final class Stop {
    private boolean requested;
    private @Nullable LogScan scan;

    synchronized void request() {
        requested = true;
        if (scan != null) {
            scan.wakeUp();
        }
    }

    synchronized boolean requested() {
        return requested;
    }

    synchronized void reading(@Nullable LogScan current) {
        scan = current;
    }
}
