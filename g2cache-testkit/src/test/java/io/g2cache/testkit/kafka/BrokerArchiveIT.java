package io.g2cache.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(300)
class BrokerArchiveIT {
    @TempDir
    Path directory;

    @Test
    void brokersUseTheArchiveThatTheFirstOneMade() throws Exception {
        BrokerClasses classes = BrokerArchive.in(directory, KafkaBrokerClasspath.resolve());
        List<Path> archives = archives();
        assertThat(archives).hasSize(1);
        assertThat(classes.flags()).containsExactly("-XX:SharedArchiveFile=" + archives.get(0));

        List<String> strict = new ArrayList<>(classes.flags());
        strict.add("-Xshare:on"); // A JVM that cannot use the archive ends at once.
        try (KafkaBroker broker = KafkaBroker.builder()
                .build(new BrokerClasses(classes.classpath(), strict))
                .start()) {
            assertThat(broker.isRunning()).isTrue();
        }
        assertThat(BrokerArchive.in(directory, KafkaBrokerClasspath.resolve())).isEqualTo(classes);
        assertThat(archives()).isEqualTo(archives);
    }

    @Test
    void aBrokerThatCannotBeArchivedDoesWithout() throws Exception {
        Path noKafka = Files.createFile(directory.resolve("empty.jar"));
        BrokerClasses classes = BrokerArchive.in(directory, noKafka.toString());
        assertThat(classes.flags()).isEmpty();
        assertThat(classes.classpath()).endsWith(File.pathSeparator + noKafka);
        assertThat(archives()).isEmpty();
    }

    private List<Path> archives() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }
}
