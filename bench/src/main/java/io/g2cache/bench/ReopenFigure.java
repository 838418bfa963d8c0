package io.g2cache.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
    private static final List<String> FLAGS = List.of("-Xmx512m");

    @Override
    public double measure() throws Exception {
        Path directory = Files.createTempDirectory("g2cache-reopen");
        try {
            fill(directory);
            double[] opened = ChildJvm.run(Reopen.class, ChildJvm.classPath(), FLAGS, "open", directory.toString());
            if (opened[1] < LEAST_KEPT * Reopen.ENTRIES) {
                throw new IllegalStateException("kept entries=" + opened[1] + " of " + Reopen.ENTRIES);
            }
            return opened[0] / 1_000;
        } finally {
            Directories.delete(directory);
        }
    }

    private void fill(Path directory) throws IOException, InterruptedException {
        List<String> command =
                ChildJvm.command(Reopen.class, ChildJvm.classPath(), FLAGS, "fill", directory.toString());
        Process filler = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            awaitFilled(filler);
            if (killed) {
                filler.destroyForcibly();
            } else {
                filler.getOutputStream().close();
            }
            if (!filler.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the JVM did not end within seconds=" + LIMIT_SECONDS);
            }
        } finally {
            filler.destroyForcibly();
        }
    }

    private static void awaitFilled(Process filler) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(filler.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.equals(Reopen.FILLED)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the JVM ended before it had filled its cache");
        }
    }
}
