package io.g2cache.internal;

import java.util.ArrayList;
import java.util.List;

/** Says what a combination of modules cannot promise. */
final class Modules {
    private Modules() {}

    /** One line for the log. */
    static String promises(boolean hasOut, boolean hasLog) {
        List<String> missing = new ArrayList<>();
        if (!hasLog) {
            missing.add("that another node hears of a write or an invalidation");
            missing.add("write tokens that prove anything on other nodes");
        }
        if (hasOut && !hasLog) {
            missing.add(
                    "that a node which dies between its tiers, or clears while its clock is behind, leaves them alike");
        }
        if (!hasOut) {
            missing.add("one load for several nodes");
            if (hasLog) {
                missing.add("that a put which publishes INVALIDATE is kept by more than its writer");
            }
        }
        return missing.isEmpty() ? "all promises hold" : "not promised: " + String.join("; ", missing);
    }
}
