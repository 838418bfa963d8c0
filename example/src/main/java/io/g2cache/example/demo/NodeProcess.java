package io.g2cache.example.demo;

import io.g2cache.example.http.Json;
import io.g2cache.example.node.NodeMain;
import io.g2cache.example.node.NodeOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A child JVM that runs one node. It ends by itself when the pipe to its standard input closes, as it does when this JVM
 * is gone. What its libraries log goes to a file.
 *
 * <p>Immutable but for the process behind it; thread-safe.
 */
final class NodeProcess {
    /** Tells the nodes apart in a list of processes. */
    static final String NAME_FLAG = "-Dg2cache.demo.node=";

    private static final List<String> INHERITED =
            List.of("--add-", "--sun-misc", "--enable-native", "-Djava.io.tmpdir");
    private static final List<String> OWN = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
            "-Dchronicle.analytics.disable=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    private static final int TAIL = 30;

    private final NodeOptions options;
    private final Path log;
    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final NodeClient client;

    private NodeProcess(NodeOptions options, Path log, Process process) {
        this.options = options;
        this.log = log;
        this.process = process;
        this.client = new NodeClient("http://127.0.0.1:" + options.httpPort());
    }

    /** Starts the process, with the module flags of this JVM; does not wait for it. */
    static NodeProcess start(NodeOptions options, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(NAME_FLAG + options.name());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> INHERITED.stream().anyMatch(flag::startsWith))
                .forEach(command::add);
        command.addAll(OWN);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NodeMain.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        NodeProcess node = new NodeProcess(options, log, process);
        OutputStream input = process.getOutputStream();
        input.write((Json.line(options) + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        node.watchOutput();
        return node;
    }

    private void watchOutput() {
        Thread watcher = new Thread(
                () -> {
                    try (BufferedReader lines = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            if (line.equals(NodeMain.READY)) {
                                ready.countDown();
                            }
                        }
                    } catch (IOException e) {
                        // The pipe of a killed process breaks; awaitReady sees that the process has ended.
                        return;
                    }
                },
                "output-" + name());
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Waits until the node is ready. */
    void awaitReady(Duration timeout) {
        awaitReady(timeout, () -> {});
    }

    /** Waits until the node is ready, and does something meanwhile, again and again. */
    void awaitReady(Duration timeout, Runnable meanwhile) {
        Waiting.until("node " + name() + " is ready", timeout, Duration.ofMillis(20), () -> {
            meanwhile.run();
            if (!process.isAlive()) {
                throw new DemoFailedException("node " + name() + " ended with status " + process.exitValue()
                        + " while it started; the end of its log:\n" + logTail());
            }
            return ready.getCount() == 0;
        });
    }

    /** Ends it with SIGKILL and waits until it is gone. */
    void kill(Duration timeout) {
        process.destroyForcibly();
        awaitExit(timeout);
    }

    /** Asks it to end; does not wait. */
    void requestExit() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
    }

    /** Waits until it is gone; says whether it is. */
    boolean awaitExit(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last lines that its libraries logged. */
    String logTail() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - TAIL), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    String name() {
        return options.name();
    }

    NodeOptions options() {
        return options;
    }

    NodeClient client() {
        return client;
    }

    boolean isAlive() {
        return process.isAlive();
    }
}
