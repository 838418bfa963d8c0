package io.g2cache.kafka.cli;

import io.g2cache.spi.TimeSource;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code log create|describe|tail|replay|stats}. Ends with 0, with 1 where something failed, with 2 where the arguments are
 * wrong, and after Ctrl-C with 130, everything read until then printed.
 */
public final class Main {
    private static final long CLOSE_MILLIS = 5_000;

    private Main() {}

    /** Runs a command and ends the JVM. Whether standard error is a terminal is told by {@code g2cache.terminal}. */
    public static void main(String[] args) {
        end(LogCommand::run, args);
    }

    /** A command to be run. */
    @FunctionalInterface
    interface Command {
        /** Runs it and returns the status of the process. Throws nothing. */
        int run(Session session, String... args);
    }

    static void end(Command command, String... args) {
        Session session = new Session(
                writer(System.out),
                writer(System.err),
                TimeSource.SYSTEM,
                Boolean.getBoolean("g2cache.terminal"),
                new Stop());
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(session, ended), "g2cache-stop"));
        int status = command.run(session, args);
        ended.countDown();
        System.exit(status);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, false, StandardCharsets.UTF_8);
    }

    /** The JVM ends when this returns, so the command is given a moment to print and close. */
    private static void interrupted(Session session, CountDownLatch ended) {
        session.stop().request();
        try {
            if (!ended.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                session.err().println("g2cache: did not end in time, waitedMillis=" + CLOSE_MILLIS);
                session.err().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
