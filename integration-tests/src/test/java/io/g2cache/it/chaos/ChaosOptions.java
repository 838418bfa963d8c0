package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.it.chaos.Operation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long a run lasts, and from which seed; and what must come of it. Immutable.
 *
 * @param seed of the plan and the clients
 * @param duration of the clients' work
 */
record ChaosOptions(long seed, Duration duration) {
    static final String SEED = "g2cache.chaos.seed";
    static final String SECONDS = "g2cache.chaos.seconds";
    private static final Path REPORTS = Path.of("target", "chaos");

    /** The seed and the duration of the system properties, else a new seed and the duration given. */
    private static ChaosOptions of(Duration byDefault) {
        return new ChaosOptions(
                Long.getLong(SEED, System.nanoTime()),
                Duration.ofSeconds(Long.getLong(SECONDS, byDefault.toSeconds())));
    }

    /** Makes the world of a run, from the seed of its clients. */
    interface Start {
        World start(SqlTruth truth, long seed) throws Exception;
    }

    /**
     * Runs, writes the page, keeps the histories and logs where a promise was broken, and fails then.
     *
     * @param name of the page
     * @param directory where the histories come to lie
     */
    static void torment(Duration byDefault, String name, Path directory, Start start) throws Exception {
        ChaosOptions options = of(byDefault);
        ChaosRun run =
                ChaosRun.run(options.seed, options.duration, directory, truth -> start.start(truth, options.seed));
        options.conclude(run, name, directory);
    }

    private void conclude(ChaosRun run, String name, Path histories) throws IOException {
        Files.createDirectories(REPORTS);
        Path page = REPORTS.resolve(name + ".html");
        Files.writeString(page, ChaosPage.of(run, name));
        List<Finding> findings = run.verdict().findings();
        if (!findings.isEmpty()) {
            keep(histories, REPORTS.resolve(name + "-" + seed));
        }
        assertThat(findings)
                .as("%s=%s, see %s", SEED, seed, page.toAbsolutePath())
                .isEmpty();
        assertThat(run.strikes()).as("faults").hasSizeGreaterThan(run.plan().size() / 2);
        for (Kind kind : Kind.values()) {
            assertThat(run.history().operations())
                    .as("%s=%s", SEED, seed)
                    .anyMatch(operation -> kind == Kind.CLEAR || operation.kind() == kind && operation.isOk());
        }
        assertThat(run.history().operations().stream().filter(operation -> operation.kind() == Kind.FINAL_READ))
                .hasSize(2 * KeySpace.NODES * KeySpace.KEYS);
        assertThat(run.history().operations())
                .as("values found in the out tier at rest")
                .anyMatch(operation -> operation.kind() == Kind.OUT_READ && operation.version() > 0);
        assertThat(run.history().lastSamples())
                .as("reads answered by either tier")
                .anyMatch(sample -> sample.localHits() > 0)
                .anyMatch(sample -> sample.outHits() > 0);
    }

    private static void keep(Path histories, Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(histories)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
