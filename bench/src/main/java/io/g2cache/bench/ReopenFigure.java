package io.g2cache.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Seconds from the start of a node in a fresh JVM to the first hit of a cache of a million entries, of 100 bytes each, that
 * another JVM has left.
 *
 * @param name what is measured
 * @param target the most that it should be
 * @param killed whether the other JVM was killed, and not closed
 */
record ReopenFigure(String name, double target, boolean killed) implements Figure {
    /** Not all need be there: keys of one hash replace each other, and uneven segments evict. */
    private static final double LEAST_KEPT = 0.95;

    private static final long LIMIT_SECONDS = 60;

    @Override
    public double measure() throws Exception {
        Path directory = Files.createTempDirectory("g2cache-reopen");
        try {
            fill(directory);
            Process opened = start("open", directory);
            String line = lineOf(opened, Reopen.MILLIS);
            await(opened);
            String[] words = line.substring(Reopen.MILLIS.length()).split(" ", 2);
            if (Long.parseLong(words[1]) < LEAST_KEPT * Reopen.ENTRIES) {
                throw new IllegalStateException("kept entries=" + words[1] + " of " + Reopen.ENTRIES);
            }
            return Long.parseLong(words[0]) / 1_000.0;
        } finally {
            delete(directory);
        }
    }

    private void fill(Path directory) throws Exception {
        Process filler = start("fill", directory);
        try {
            lineOf(filler, Reopen.FILLED);
            if (killed) {
                filler.destroyForcibly();
            } else {
                filler.getOutputStream().close();
            }
            await(filler);
        } finally {
            filler.destroyForcibly();
        }
    }

    private static Process start(String what, Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), Reopen.class.getName()));
        command.addAll(List.of(what, directory.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String lineOf(Process process, String beginning) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        throw new IllegalStateException("the JVM ended without a line of " + beginning.strip());
    }

    private static void await(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the JVM did not end within seconds=" + LIMIT_SECONDS);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
