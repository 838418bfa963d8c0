package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program of these tests in a JVM of its own, and the lines that it says. Closing kills it. Used by one thread. */
public final class Child implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program; see {@link ChildJvm#start}. */
    public static Child start(Class<?> program, String... arguments) throws IOException {
        return new Child(ChildJvm.start(program, arguments));
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
            lines.add("END OF OUTPUT");
        } catch (IOException e) {
            lines.add("OUTPUT BROKEN " + e);
        }
    }

    /** The next line, or a text that says for what it was waited in vain. */
    public String line(String what) throws InterruptedException {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        return line != null ? line : "nothing said, " + what + ", for seconds=" + LIMIT_SECONDS;
    }

    /** Gives it a line to read. */
    void say(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Ends its standard input, which asks it to end. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Stops it in its tracks: nothing of it runs until {@link #thaw}. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on where it was. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** Ends it by SIGKILL, and waits until it is gone. */
    public void kill() {
        try {
            assertThat(process.destroyForcibly().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
