package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs {@code bin/g2cache demo} as a user does, in a process group of its own, so that it can be sent what Ctrl-C sends;
 * and remembers every process that came of it.
 */
final class DemoRun implements AutoCloseable {
    private final Process process;
    private final Path temporary;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Set<ProcessHandle> descendants = ConcurrentHashMap.newKeySet();
    private final Thread output;

    private DemoRun(Process process, Path temporary) {
        this.process = process;
        this.temporary = temporary;
        this.output = new Thread(this::readOutput, "demo-output");
        output.setDaemon(true);
        output.start();
        Thread watcher = new Thread(this::watchProcesses, "demo-processes");
        watcher.setDaemon(true);
        watcher.start();
    }

    static DemoRun start(String... arguments) throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        Path temporary = Files.createTempDirectory(Files.createDirectories(Path.of("target", "demo")), "tmp-");
        List<String> command = new ArrayList<>();
        // SIGINT is ignored in what a shell starts in the background, as a build may be: set it back.
        command.addAll(List.of("perl", "-e", "setpgrp(0, 0); $SIG{INT} = 'DEFAULT'; exec @ARGV or die $!"));
        command.addAll(List.of(root.resolve("bin").resolve("g2cache").toString(), "demo"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temporary.getParent().toFile())
                .redirectErrorStream(true);
        builder.environment().put("TMPDIR", temporary.toAbsolutePath().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_OPTS");
        return new DemoRun(builder.start(), temporary);
    }

    private void readOutput() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("output ended: " + e);
        }
    }

    private void watchProcesses() {
        while (process.isAlive()) {
            process.descendants().forEach(descendants::add);
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void awaitLine(String part, Duration timeout) {
        await().atMost(timeout).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            assertThat(process.isAlive() || contains(part)).as(text()).isTrue();
            assertThat(contains(part)).as("'" + part + "' in: " + text()).isTrue();
        });
    }

    /** Waits until the demo has a process below it: a line is printed before the process that it tells of is started. */
    void awaitProcess(Duration timeout) {
        await().atMost(timeout).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            process.descendants().forEach(descendants::add);
            assertThat(running()).as(text()).isNotEmpty();
        });
    }

    private boolean contains(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }

    int awaitExit(Duration timeout) throws InterruptedException {
        assertThat(process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within " + timeout + ": " + text())
                .isTrue();
        output.join(5_000);
        return process.exitValue();
    }

    /** Sends a signal to the whole group, as a terminal does, or to the first process only. */
    void signal(String name, boolean group) throws IOException, InterruptedException {
        process.descendants().forEach(descendants::add);
        String target = (group ? "-" : "") + process.pid();
        assertThat(new ProcessBuilder("kill", "-" + name, "--", target).start().waitFor())
                .isZero();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** The processes below the demo, the oldest first. */
    List<ProcessHandle> running() {
        return descendants.stream()
                .filter(ProcessHandle::isAlive)
                .sorted(java.util.Comparator.comparing(
                        handle -> handle.info().startInstant().orElseThrow()))
                .toList();
    }

    String text() {
        return String.join("\n", lines);
    }

    void assertNoProcessLeft(Duration timeout) {
        assertThat(descendants).as(text()).isNotEmpty();
        await().atMost(timeout).untilAsserted(() -> assertThat(running()).isEmpty());
    }

    void assertNoFileLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).as(text()).isEmpty();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> all = Files.walk(temporary)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
