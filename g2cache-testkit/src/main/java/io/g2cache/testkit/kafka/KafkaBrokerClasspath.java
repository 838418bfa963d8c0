package io.g2cache.testkit.kafka;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The class path of the broker process. Kept apart from the class path of whoever starts the broker: it is resolved by a
 * Maven child process the first time, and remembered in a file for as long as every jar in it exists.
 *
 * <p>System properties: {@code g2cache.kafka.classpathFile} names the file (default
 * {@code ~/.cache/g2cache/kafka-broker-4.3.1.classpath}), {@code g2cache.mvn} the Maven executable (default {@code mvn}).
 * Thread-safe, also between processes: a lock file lets one of them resolve, and the file appears by an atomic move.
 */
public final class KafkaBrokerClasspath {
    /** Version of the broker. */
    public static final String KAFKA_VERSION = "4.3.1";

    /** System property with the file that the class path is remembered in. */
    public static final String FILE_PROPERTY = "g2cache.kafka.classpathFile";

    /** System property with the Maven executable. */
    public static final String MAVEN_PROPERTY = "g2cache.mvn";

    private static final String GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";
    private static final int DEADLINE_SECONDS = 300;

    private KafkaBrokerClasspath() {}

    /**
     * The class path, entries separated as this system does. Blocks up to five minutes where Maven has to download it.
     *
     * @throws IllegalStateException if Maven fails, is missing or takes too long; the message carries its output
     */
    public static String resolve() {
        return resolve(file(), System.getProperty(MAVEN_PROPERTY, "mvn"));
    }

    /** The file that the class path is remembered in; what else is kept about the broker's classes lies beside it. */
    static Path file() {
        String file = System.getProperty(FILE_PROPERTY);
        Path chosen = file != null
                ? Path.of(file)
                : Path.of(
                        System.getProperty("user.home"),
                        ".cache",
                        "g2cache",
                        "kafka-broker-" + KAFKA_VERSION + ".classpath");
        return chosen.toAbsolutePath().normalize();
    }

    static synchronized String resolve(Path file, String maven) {
        try {
            String known = read(file);
            if (known != null) {
                return known;
            }
            Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
            Files.createDirectories(directory);
            try (LockedFile lock = LockedFile.lock(directory.resolve(file.getFileName() + ".lock"))) {
                known = lock.isValid() ? read(file) : null;
                return known != null ? known : runMaven(file, directory, maven);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("broker class path could not be resolved, file=" + file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while resolving the broker class path, file=" + file, e);
        }
    }

    private static @Nullable String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        String classpath = Files.readString(file, StandardCharsets.UTF_8).strip();
        for (String jar : classpath.split(File.pathSeparator, -1)) {
            if (!Files.isRegularFile(Path.of(jar))) {
                return null;
            }
        }
        return classpath;
    }

    private static String runMaven(Path file, Path directory, String maven) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(directory, "resolve-");
        try {
            Path pom = work.resolve("pom.xml");
            try (InputStream resource = KafkaBrokerClasspath.class.getResourceAsStream("broker-pom.xml")) {
                if (resource == null) {
                    throw new IOException("resource broker-pom.xml is missing from the test kit");
                }
                Files.copy(resource, pom);
            }
            Path output = work.resolve("classpath");
            Path log = work.resolve("log");
            run(command(maven, output), work, log);
            Files.move(output, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            String resolved = read(file);
            if (resolved == null) {
                throw new IOException("Maven listed jars that do not exist, file=" + file);
            }
            return resolved;
        } finally {
            Directories.delete(work);
        }
    }

    private static List<String> command(String maven, Path output) {
        List<String> command = new ArrayList<>(List.of(maven, "-q", "-B", GOAL, "-Dmdep.outputFile=" + output));
        String repository = System.getProperty("maven.repo.local", System.getProperty("localRepository"));
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        return command;
    }

    private static void run(List<String> command, Path work, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(List.of("MAVEN_BASEDIR", "MAVEN_PROJECTBASEDIR", "MAVEN_CMD_LINE_ARGS"));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Maven took too long to resolve the broker class path, deadlineSeconds="
                        + DEADLINE_SECONDS + ", command=" + command + ", output: " + Directories.tail(log));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("Maven could not resolve the broker class path, exit=" + process.exitValue()
                    + ", command=" + command + ", output: " + Directories.tail(log));
        }
    }
}
