package io.g2cache.bench.suite;

import java.util.Locale;

/** What is measured together. */
public enum Group {
    /** Reads and writes within one JVM, without log and out tier. */
    LOCAL,
    /** Whatever asks the out tier or the loader. */
    TIERS,
    /** Whatever reads or writes the log. */
    LOG,
    /** Distributed caches beside ours. */
    PEERS;

    /** As it is typed, and as its folder is called. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
