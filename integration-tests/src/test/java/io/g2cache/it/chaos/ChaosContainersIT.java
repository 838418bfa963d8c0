package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/**
 * The same as {@link ChaosIT} with brokers and Hazelcast members in containers of their stock images. Without a container engine it
 * is skipped, but not where the environment variable {@code CI} is {@code true}: there the engine must be.
 */
@Tag("slow")
class ChaosContainersIT {
    @TempDir
    Path directory;

    @BeforeAll
    static void requireEngine() {
        boolean isThere = DockerClientFactory.instance().isDockerAvailable();
        if ("true".equals(System.getenv("CI"))) {
            assertThat(isThere).as("a container engine answers, as CI=true").isTrue();
        }
        assumeTrue(isThere, "no container engine answers: install Docker to run this test");
    }

    @Test
    void keepsItsPromisesForAMinuteAndAHalf() throws Exception {
        run(Duration.ofSeconds(90), "containers");
    }

    @Test
    @Tag("nightly")
    void keepsItsPromisesForTenMinutes() throws Exception {
        run(Duration.ofMinutes(10), "containers-long");
    }

    private void run(Duration byDefault, String name) throws Exception {
        ChaosOptions.torment(byDefault, name, directory, (truth, seed) -> ContainerWorld.start(directory, truth, seed));
    }
}
