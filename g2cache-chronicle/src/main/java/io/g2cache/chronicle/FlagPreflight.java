package io.g2cache.chronicle;

import io.g2cache.TierException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that this JVM lets Chronicle Map run, before the first of its classes loads: without one of these flags they fail
 * to initialise, and say nothing of the flag. Uses nothing of Chronicle.
 */
final class FlagPreflight {
    /** Usage reports over the network, and a banner that asks for an e-mail address. */
    private static final List<String> TURNED_OFF =
            List.of("chronicle.analytics.disable", "chronicle.announcer.disable");

    private static final List<Need> NEEDS =
            List.of(new Need("java.base", "java.lang"), new Need("java.base", "java.lang.reflect"));

    private static final Need MAPPED_FILES = new Need("java.base", "sun.nio.ch");

    private FlagPreflight() {}

    /** A package that must be open to the class path. */
    private record Need(String module, String packageName) {
        String flag() {
            return "--add-opens=" + module + "/" + packageName + "=ALL-UNNAMED";
        }

        boolean isMet(Module reader) {
            return ModuleLayer.boot()
                    .findModule(module)
                    .map(m -> m.isOpen(packageName, reader))
                    .orElse(false);
        }
    }

    /**
     * Turns Chronicle's usage reports and banner off, unless somebody has set their properties, and checks every flag.
     *
     * @param files whether maps will lie in files
     * @throws TierException if a flag is missing; names each one
     */
    static void check(boolean files) {
        for (String property : TURNED_OFF) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "true");
            }
        }
        if (ModuleLayer.boot().findModule("jdk.compiler").isEmpty()) {
            throw new TierException(
                    "Chronicle Map needs the module jdk.compiler, though it compiles nothing: run a JDK, or an image made with --add-modules=jdk.compiler");
        }
        Module reader = FlagPreflight.class.getClassLoader().getUnnamedModule();
        List<String> missing = new ArrayList<>();
        for (Need need : NEEDS) {
            if (!need.isMet(reader)) {
                missing.add(need.flag());
            }
        }
        if (files && !MAPPED_FILES.isMet(reader)) {
            missing.add(MAPPED_FILES.flag());
        }
        if (!missing.isEmpty()) {
            throw new TierException("Chronicle Map" + (files ? " in a file" : "")
                    + " needs JVM flags that are missing; add: " + String.join(" ", missing));
        }
    }
}
