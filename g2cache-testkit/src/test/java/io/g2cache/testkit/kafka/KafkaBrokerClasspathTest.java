package io.g2cache.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerClasspathTest {
    @TempDir
    Path directory;

    @Test
    void theBrokerHasTheVersionOfTheClients() throws Exception {
        assertThat(KafkaBrokerClasspath.KAFKA_VERSION).isEqualTo(AppInfoParser.getVersion());
        try (var pom = KafkaBrokerClasspath.class.getResourceAsStream("broker-pom.xml")) {
            assertThat(new String(pom.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            "<artifactId>kafka_2.13</artifactId><version>" + AppInfoParser.getVersion() + "</version>");
        }
    }

    @Test
    void remembersTheClasspathWhileEveryJarExists() throws Exception {
        Path one = Files.createFile(directory.resolve("one.jar"));
        Path two = Files.createFile(directory.resolve("two.jar"));
        Path runs = directory.resolve("runs");
        Path maven = script("echo run >> " + runs + "\nfor a in \"$@\"; do case $a in -Dmdep.outputFile=*)\n"
                + "printf %s '" + one + File.pathSeparator + two + "' > \"${a#-Dmdep.outputFile=}\";; esac; done");
        Path file = directory.resolve("new").resolve("classpath");
        String expected = one + File.pathSeparator + two;

        assertThat(KafkaBrokerClasspath.resolve(file, maven.toString())).isEqualTo(expected);
        assertThat(KafkaBrokerClasspath.resolve(file, maven.toString())).isEqualTo(expected);
        assertThat(Files.readAllLines(runs)).hasSize(1);

        Files.delete(two);
        assertThatThrownBy(() -> KafkaBrokerClasspath.resolve(file, maven.toString()))
                .hasStackTraceContaining("do not exist");
        assertThat(Files.readAllLines(runs)).hasSize(2);
    }

    @Test
    void carriesTheOutputOfAFailedMaven() throws Exception {
        Path maven = script("echo no such repository; exit 7");
        assertThatThrownBy(() -> KafkaBrokerClasspath.resolve(directory.resolve("classpath"), maven.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("exit=7")
                .hasMessageContaining("no such repository");
    }

    private Path script(String body) throws Exception {
        Path script = Files.writeString(directory.resolve("mvn.sh"), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
