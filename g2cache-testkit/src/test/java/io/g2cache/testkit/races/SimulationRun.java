package io.g2cache.testkit.races;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the seeds of {@link Simulation}, as many at once as there are processors: from {@code -Dg2cache.seed=N} on, and {@code -Dg2cache.seeds=M} of them.
 * A seed without a number is run alone, and its history is written to a file whatever comes of it.
 */
final class SimulationRun {
    /** The first seed, instead of the test's own. */
    static final String SEED = "g2cache.seed";

    /** How many seeds, instead of the test's own number. */
    static final String SEEDS = "g2cache.seeds";

    private static final Path DIRECTORY = Path.of("target", "simulation");
    private static final int LAST_LINES = 60;

    private SimulationRun() {}

    /** Runs seeds, from the first argument on, as many as the second says; for {@code .ci/teeth}. */
    public static void main(String[] arguments) throws InterruptedException {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        String failure = firstFailure(first, count);
        System.out.println(
                failure == null
                        ? "survived seeds=" + count
                        : failure.lines().findFirst().orElse(""));
        System.exit(failure == null ? 0 : 1);
    }

    /** Runs seeds up to the first that goes wrong. */
    static void seeds(long first, int count) throws InterruptedException {
        Long given = Long.getLong(SEED);
        Long number = Long.getLong(SEEDS);
        long from = given == null ? first : given;
        long most = number != null ? number : given == null ? count : 1;
        boolean isAlone = given != null && number == null;
        String failure = isAlone ? told(from) : firstFailure(from, most);
        if (failure != null) {
            throw new AssertionError(failure);
        }
    }

    /**
     * What is wrong with the first seed that goes wrong; null if none does. Each processor runs seeds of its own: histories have
     * nothing in common. After a failure no seed is begun, and as seeds are begun in their order, none before it is left out.
     */
    private static @Nullable String firstFailure(long first, long count) throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        ConcurrentSkipListMap<Long, String> failures = new ConcurrentSkipListMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> runFrom(next, first + count, failures), "simulation-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return failures.isEmpty() ? null : failures.firstEntry().getValue();
    }

    private static void runFrom(AtomicLong next, long end, Map<Long, String> failures) {
        for (long seed = next.getAndIncrement(); seed < end && failures.isEmpty(); seed = next.getAndIncrement()) {
            try {
                String failure = failure(seed);
                if (failure != null) {
                    failures.put(seed, failure);
                }
            } catch (Throwable e) {
                failures.put(seed, "seed=" + seed + ": " + e);
                throw e;
            }
        }
    }

    /** What is wrong with a seed, and its whole history in a file; null if nothing is. */
    @Nullable
    static String failure(long seed) {
        Plan plan = Plan.of(seed);
        try (Scratch scratch = new Scratch(seed)) {
            Simulation simulation = new Simulation(plan, scratch.directory());
            List<String> wrong = simulation.history();
            return wrong.isEmpty() ? null : report(seed, wrong, simulation.narrative());
        }
    }

    /** The same, and the history is in its file even if nothing is wrong. */
    private static @Nullable String told(long seed) {
        String failure = failure(seed);
        if (failure == null) {
            write(seed, narrative(seed));
        }
        return failure;
    }

    /** The history of a seed, whatever comes of it. */
    static String narrative(long seed) {
        try (Scratch scratch = new Scratch(seed)) {
            Simulation simulation = new Simulation(Plan.of(seed), scratch.directory());
            List<String> wrong = simulation.history();
            return simulation.narrative() + (wrong.isEmpty() ? "" : "wrong: " + wrong + "\n");
        }
    }

    private static String report(long seed, List<String> wrong, String narrative) {
        Path file = write(seed, narrative);
        List<String> lines = narrative.lines().toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        return "seed=" + seed + ": " + String.join("\n", wrong) + "\nits whole history of lines=" + lines.size()
                + " is in " + file + "; -D" + SEED + "=" + seed + " repeats it. It ended with\n"
                + String.join("\n", last);
    }

    private static Path write(long seed, String narrative) {
        Path file = DIRECTORY.resolve("seed-" + seed + ".txt").toAbsolutePath();
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, narrative, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** A directory of a seed's own that is made when it is first needed. */
    private static final class Scratch implements AutoCloseable {
        private final Path directory;

        Scratch(long seed) {
            directory = DIRECTORY.resolve("scratch-" + ProcessHandle.current().pid() + "-" + seed);
        }

        Path directory() {
            return directory;
        }

        @Override
        public void close() {
            if (!Files.isDirectory(directory)) {
                return;
            }
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
