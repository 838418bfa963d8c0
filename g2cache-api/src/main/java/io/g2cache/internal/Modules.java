package io.g2cache.internal;

import java.util.ArrayList;
import java.util.List;

/** Says what a combination of modules cannot promise. */
final class Modules {
    private Modules() {}

    /** One line for the log. */
    static String promises(NodeOptions options) {
        List<String> missing = new ArrayList<>();
        if (options.sync() == null) {
            missing.add("no other node hears of a write or an invalidation");
            missing.add("write tokens prove nothing on other nodes");
            if (options.out() != null) {
                missing.add("versions come from a clock, and a node that dies between its tiers leaves them apart");
            }
        }
        if (options.out() == null) {
            missing.add("each node loads for itself");
            if (options.sync() != null) {
                missing.add("a put that publishes INVALIDATE is kept by its writer only");
            }
        }
        return missing.isEmpty() ? "every promise is kept" : "not promised: " + String.join("; ", missing);
    }
}
