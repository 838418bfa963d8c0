package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.it.chaos.Operation.Kind;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes, three brokers and two Hazelcast members, each a process of its own, and a database that is the truth. A nemesis
 * kills, stops, cuts off and restarts them while clients read and write; {@link Checker} judges what the clients have seen.
 */
@Tag("slow")
class ChaosIT {
    @TempDir
    Path directory;

    @Test
    void keepsItsPromisesForAMinuteAndAHalf() throws Exception {
        run(Duration.ofSeconds(90), "children");
    }

    @Test
    @Tag("nightly")
    void keepsItsPromisesForTenMinutes() throws Exception {
        run(Duration.ofMinutes(10), "children-long");
    }

    private void run(Duration byDefault, String name) throws Exception {
        ChaosOptions.torment(
                byDefault, name, directory, (truth, seed) -> ChildWorld.start(directory, truth, seed, false));
    }

    /** A check that cannot fail says nothing: one of the nodes does not hear of half of the invalidations. */
    @Test
    void aNodeThatMissesInvalidationsIsFoundOut() throws Exception {
        ChaosRun run = ChaosRun.run(
                1, Duration.ofSeconds(15), directory, truth -> ChildWorld.start(directory, truth, 1, true));
        assertThat(run.strikes()).isEmpty();
        assertThat(run.verdict().findings()).as("findings about the deaf node").anySatisfy(finding -> {
            assertThat(finding.node()).isEqualTo(2);
            assertThat(finding.promise()).isIn(Finding.Promise.BOUNDED_STALENESS, Finding.Promise.NODES_CONVERGE);
        });
        assertThat(run.history().operations().stream().filter(operation -> operation.kind() == Kind.FINAL_READ))
                .hasSize(2 * KeySpace.NODES * KeySpace.KEYS);
    }
}
