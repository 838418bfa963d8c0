package io.g2cache.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a probe in a JVM of its own, with the flags of this one, and reads the numbers that it prints in its last line.
 * Thread-safe.
 */
public final class ChildJvm {
    private static final long LIMIT_SECONDS = 80;
    private static final List<String> TAKEN_OVER =
            List.of("--add-", "--sun-misc-unsafe", "--enable-native", "-Dorg.slf4j", "-Dchronicle");

    private ChildJvm() {}

    /**
     * The numbers, separated by spaces, that the probe printed last.
     *
     * @param flags further flags of the JVM
     * @throws IllegalStateException if the probe failed or takes more than 80 seconds
     */
    public static double[] run(Class<?> probe, String classPath, List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = command(probe, classPath, flags, arguments);
        Path output = Files.createTempFile("g2cache-bench", ".out");
        Path errors = Files.createTempFile("g2cache-bench", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0 || lines.isEmpty()) {
                throw new IllegalStateException(probe.getSimpleName() + " " + String.join(" ", arguments) + " "
                        + (ended ? "ended with status=" + process.exitValue() : "took over seconds=" + LIMIT_SECONDS)
                        + ": "
                        + Files.readString(errors, StandardCharsets.UTF_8).strip());
            }
            String[] parts = lines.get(lines.size() - 1).split(" ", -1);
            double[] numbers = new double[parts.length];
            for (int i = 0; i < parts.length; i++) {
                numbers[i] = Double.parseDouble(parts[i]);
            }
            return numbers;
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    /** What starts a probe. */
    static List<String> command(Class<?> probe, String classPath, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (TAKEN_OVER.stream().anyMatch(flag::startsWith)) {
                command.add(flag);
            }
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, probe.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The class path of this JVM. */
    public static String classPath() {
        return System.getProperty("java.class.path");
    }
}
