package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A Hazelcast server in a JVM of its own, with nothing but Hazelcast's jar on its class path. Killed at the latest when
 * this JVM ends.
 */
public final class StockServer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

    private final int port;
    private final Process process;
    private final Path directory;
    private final Thread killer;

    private StockServer(int port, Process process, Path directory) {
        this.port = port;
        this.process = process;
        this.directory = directory;
        this.killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts one server for each port, all at once, and waits until they form one cluster. */
    public static List<StockServer> cluster(String clusterName, String maps, int... ports) {
        return joining(clusterName, maps, ports.length, ports, ports);
    }

    /** Starts servers at some ports of a cluster whose other members are started elsewhere. */
    static List<StockServer> joining(String clusterName, String maps, int size, int[] ports, int[] all) {
        List<StockServer> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(launch(clusterName, maps, port, all));
        }
        servers.forEach(server -> server.awaitLog("Members {size:" + size));
        return servers;
    }

    private static StockServer launch(String clusterName, String maps, int port, int[] ports) {
        try {
            Path directory = Files.createTempDirectory("stock-hazelcast");
            Path config = Files.writeString(directory.resolve("hazelcast.xml"), xml(clusterName, maps, port, ports));
            Path jar = Path.of(HazelcastInstance.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            command.addAll(List.of("-Dhazelcast.config=" + config, "-cp", jar.toString()));
            command.add("com.hazelcast.core.server.HazelcastMemberStarter");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            return new StockServer(port, process, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String xml(String clusterName, String maps, int port, int[] ports) {
        String members = Arrays.stream(ports)
                .mapToObj(p -> "<member>" + Ports.address(p) + "</member>")
                .collect(Collectors.joining());
        return """
                <hazelcast xmlns="http://www.hazelcast.com/schema/config">
                  <cluster-name>%s</cluster-name>
                  <properties>
                    <property name="hazelcast.phone.home.enabled">false</property>
                    <property name="hazelcast.socket.bind.any">false</property>
                    <property name="hazelcast.heartbeat.interval.seconds">1</property>
                    <property name="hazelcast.max.no.heartbeat.seconds">60</property>
                  </properties>
                  <network>
                    <port auto-increment="false">%d</port>
                    <join>
                      <auto-detection enabled="false"/>
                      <multicast enabled="false"/>
                      <tcp-ip enabled="true">%s</tcp-ip>
                    </join>
                    <interfaces enabled="true"><interface>127.0.0.1</interface></interfaces>
                  </network>
                  %s
                </hazelcast>
                """.formatted(clusterName, port, members, maps);
    }

    private void awaitLog(String text) {
        Awaitility.await().atMost(START_TIMEOUT).untilAsserted(() -> {
            String log = Files.readString(directory.resolve("log"));
            assertThat(process.isAlive()).as("server alive; its log: %s", log).isTrue();
            assertThat(log).contains(text);
        });
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Stops the process in its tracks: its sockets stay open, and nothing answers. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        signal("-CONT");
    }

    /** Kills the process without a word to anybody, and waits until it is gone. */
    public void kill() {
        try {
            assertThat(process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
            assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(kill.exitValue()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(killer);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
