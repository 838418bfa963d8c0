package io.g2cache.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where entries are kept.
 *
 * @param directory holds a directory for each cache
 * @param recoveryTimeout how long reading the kept entries may take
 * @param bootId the machine's run, as its kernel names it; empty if unknown
 */
record Persistence(Path directory, Duration recoveryTimeout, String bootId) {
    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** Names the run of this machine; empty if it has no name. */
    static String currentBootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            LOG.info("file={} cannot be read: local tiers are kept over clean restarts only", BOOT_ID, e);
            return "";
        }
    }
}
