package io.g2cache.testkit.kafka;

import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of the broker's JVM. Not thread-safe; {@link KafkaBroker} guards it.
 *
 * <p>While the process is stopped, a shell holds the promise to continue it: it reads from this JVM and continues the
 * broker at the end of the stream, so that a stopped broker does not outlive its parent either.
 */
final class BrokerProcess {
    private static final int POLL_MILLIS = 10;
    private static final int KILL_SECONDS = 10;
    private static final int STOP_SECONDS = 30;
    private static final String STOP_AND_PROMISE = "kill -STOP $0 && echo stopped && read ignored; kill -CONT $0";

    private final Process process;
    private final Path log;
    private @Nullable Process promise;

    private BrokerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the process; does not wait for the broker. */
    static BrokerProcess start(Path directory, Path ready, String clusterId, BrokerClasses classes) throws IOException {
        Path logging = directory.resolve("log4j2.properties");
        copy("broker-log4j2.properties", logging);
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Path log = directory.resolve("broker.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + directory.resolve("hs_err.log"),
                "-Djava.io.tmpdir=" + temporary,
                "-Dlog4j2.configurationFile=" + logging));
        command.addAll(classes.flags());
        command.addAll(List.of(
                "-cp",
                classes.classpath(),
                BrokerMain.class.getName(),
                directory.resolve("server.properties").toString(),
                clusterId,
                directory.toString(),
                ready.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return new BrokerProcess(builder.start(), log);
    }

    private static void copy(String resource, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        try (InputStream in = BrokerMain.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("resource missing from the test kit, resource=" + resource);
            }
            Files.copy(in, target);
        }
    }

    /**
     * Waits until the broker serves.
     *
     * @throws IllegalStateException if it ends or the deadline passes before; the message carries the end of its log
     */
    void awaitReady(Path ready, Duration timeout) throws InterruptedException {
        long start = TimeSource.SYSTEM.monotonicMillis();
        while (!Files.exists(ready)) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "broker ended while starting, exit=" + process.exitValue() + ", log: " + Directories.tail(log));
            }
            if (TimeSource.SYSTEM.monotonicMillis() - start > timeout.toMillis()) {
                throw new IllegalStateException(
                        "broker did not start in time, timeout=" + timeout + ", log: " + Directories.tail(log));
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP; returns when the signal has been sent. */
    void suspend() throws IOException {
        if (promise != null) {
            return;
        }
        Process shell = new ProcessBuilder("sh", "-c", STOP_AND_PROMISE, Long.toString(pid()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (shell.getInputStream().read() < 0) {
            shell.destroyForcibly();
            throw new IOException("broker could not be stopped, pid=" + pid() + ", log: " + Directories.tail(log));
        }
        promise = shell;
    }

    /** SIGCONT; does nothing where the process is not stopped. */
    void resume() throws IOException, InterruptedException {
        Process shell = promise;
        if (shell != null) {
            promise = null;
            shell.getOutputStream().close();
            if (!shell.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
                throw new IOException("broker could not be continued, pid=" + pid());
            }
        }
    }

    /**
     * SIGTERM, and SIGKILL if that is not enough; returns when the process is gone. The signal goes through the handle,
     * because ending the process object would close its standard input, which means that the parent is gone.
     */
    void stop() throws InterruptedException {
        if (!process.toHandle().destroy() || !process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        boolean ended = process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
        Process shell = promise;
        if (shell != null) {
            promise = null;
            shell.destroyForcibly();
        }
        if (!ended) {
            throw new IllegalStateException(
                    "broker outlives SIGKILL, pid=" + pid() + ", waitedSeconds=" + KILL_SECONDS);
        }
    }
}
