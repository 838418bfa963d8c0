package io.g2cache.bench;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Heap that each of 20,000 virtual threads costs for having used the off-heap tier, beside that of platform threads. Needs a
 * JDK that has virtual threads. For one thread at a time.
 */
final class ThreadsFigure implements Figure {
    private static final String VIRTUAL_THREADS = "20000";
    private static final String PLATFORM_THREADS = "1000";
    private static final List<String> FLAGS = List.of("-Xmx2g", "-Xss256k");

    private double[] virtual = {};
    private double[] platform = {};

    /** Whether this JDK has virtual threads. */
    static boolean isPossible() {
        return Stream.of(Executors.class.getMethods())
                .anyMatch(method -> method.getName().equals("newVirtualThreadPerTaskExecutor"));
    }

    @Override
    public String name() {
        return "heap of the off-heap tier for each of 20,000 virtual threads, bytes";
    }

    @Override
    public double target() {
        return 100;
    }

    @Override
    public double measure() throws Exception {
        platform = ChildJvm.run(ThreadsProbe.class, ChildJvm.classPath(), FLAGS, "platform", PLATFORM_THREADS);
        virtual = ChildJvm.run(ThreadsProbe.class, ChildJvm.classPath(), FLAGS, "virtual", VIRTUAL_THREADS);
        return virtual[0];
    }

    @Override
    public String note() {
        return String.format(
                Locale.ROOT,
                "platform threads: %.0f; first read: virtual %.1f µs, platform %.1f µs",
                platform[0],
                virtual[1] / 1e3,
                platform[1] / 1e3);
    }
}
