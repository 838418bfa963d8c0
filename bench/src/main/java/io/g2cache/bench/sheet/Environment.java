package io.g2cache.bench.sheet;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a run ran on. Stateless. */
public final class Environment {
    /** How much time the forks had. */
    public static final String EFFORT = "effort";

    private static final double BYTES_PER_GB = 1e9;

    private Environment() {}

    /**
     * The machine and the JVM now, by name.
     *
     * @param effort how much time the run takes
     */
    public static Map<String, String> now(String effort) {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        found.put(EFFORT, effort);
        found.put("cpu", cpu());
        found.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            found.put("memory GB", Long.toString(Math.round(system.getTotalMemorySize() / BYTES_PER_GB)));
        }
        found.put(
                "load before",
                Double.toString(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        found.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        found.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        found.put(
                "flags",
                String.join(
                        " ",
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter(flag -> flag.startsWith("-X"))
                                .toList()));
        found.put("versions", versions());
        return found;
    }

    private static String cpu() {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String versions() {
        String[] wanted = {
            "caffeine",
            "cache2k-core",
            "chronicle-map",
            "ehcache",
            "ohc-core",
            "hazelcast",
            "kafka-clients",
            "redisson",
            "jetcache-core",
            "lettuce-core",
            "jmh-core"
        };
        StringBuilder found = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path name = Path.of(entry).getFileName();
            String jar = name == null ? "" : name.toString();
            for (String artifact : wanted) {
                if (jar.matches(artifact + "-[0-9].*\\.jar")) {
                    found.append(found.isEmpty() ? "" : ", ").append(jar, 0, jar.length() - ".jar".length());
                }
            }
        }
        return found.toString();
    }
}
