package io.g2cache.hazelcast;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Checks of what builders are given. */
final class Checks {
    private static final Pattern HOST_PORT = Pattern.compile("[^\\s:]+:\\d{1,5}|\\[[^\\s\\]]+\\]:\\d{1,5}");

    private Checks() {}

    static String notBlank(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + "='" + value + "' must not be blank");
        }
        return value;
    }

    static List<String> hostPorts(String name, String... hostPorts) {
        for (String hostPort : hostPorts) {
            if (!HOST_PORT.matcher(hostPort).matches()) {
                throw new IllegalArgumentException(name + "='" + hostPort + "' must be host:port");
            }
        }
        return List.of(hostPorts);
    }

    static void inRange(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + "=" + value + " must be " + min + " to " + max);
        }
    }

    static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " must be " + min + " to " + max);
        }
    }
}
