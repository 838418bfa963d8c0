package io.g2cache.bench;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How long the first use of the off-heap tier takes in a new JVM, beside that of Chronicle Map without our module, which
 * compiles a class then. The shortest of some runs counts. For one thread at a time.
 */
final class StartFigure implements Figure {
    private static final int RUNS = 3;
    private static final String COMPILER_FLAG = "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED";

    private double plain = Double.MAX_VALUE;

    @Override
    public String name() {
        return "first use of the off-heap tier in a new JVM, ms";
    }

    @Override
    public double target() {
        return 1_000;
    }

    @Override
    public double measure() throws Exception {
        double ours = Double.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            ours = Math.min(ours, ChildJvm.run(TierStartProbe.class, ChildJvm.classPath(), List.of())[0]);
            plain = Math.min(plain, ChildJvm.run(StartProbe.class, withoutOurModule(), List.of(COMPILER_FLAG))[0]);
        }
        return ours;
    }

    private static String withoutOurModule() {
        return Arrays.stream(ChildJvm.classPath().split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("g2cache-chronicle"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public String note() {
        return String.format(Locale.ROOT, "Chronicle Map by itself: %.0f", plain);
    }
}
