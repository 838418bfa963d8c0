package io.g2cache.spi;

/** Opens the log of a deployment. */
public interface SyncLogProvider {
    /** Short name for logs and statistics, such as {@code kafka}. */
    String name();

    /**
     * Connects, creates the log if allowed, and verifies it. Blocks up to the provider's own deadline.
     *
     * @throws io.g2cache.SyncLogException if the log cannot be reached, or does not keep what the protocol needs; the
     *     message says what to run
     */
    SyncLog open(LogContext context);
}
