package io.g2cache.it.chaos;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.hazelcast.instance.BuildInfoProvider;
import io.g2cache.testkit.kafka.KafkaBrokerClasspath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Containers of stock brokers and members that keep, over restarts, their addresses in the network of the containers and their
 * ports outside. Immutable.
 */
final class Servers {
    private static final String KAFKA = "apache/kafka:" + KafkaBrokerClasspath.KAFKA_VERSION;
    private static final String HAZELCAST =
            "hazelcast/hazelcast:" + BuildInfoProvider.getBuildInfo().getVersion();
    private static final int BROKER_PORT = 9094;
    private static final int MEMBER_PORT = 5701;
    private static final Duration START = Duration.ofSeconds(120);

    private final String namespace;
    private final Network network;
    private final String range;
    private final String host = DockerClientFactory.instance().dockerHostIpAddress();
    private final List<Integer> ports = freePorts();

    /** Servers of a network whose addresses begin so, with a dot at the end. */
    Servers(String namespace, Network network, String range) {
        this.namespace = namespace;
        this.network = network;
        this.range = range;
    }

    private static List<Integer> freePorts() {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < World.BROKERS + World.MEMBERS; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> found =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int port(Part part) {
        return ports.get(part.number() - 1 + (part.kind() == Part.Kind.MEMBER ? World.BROKERS : 0));
    }

    /** The address of a server among the containers. */
    String addressInside(Part part) {
        return range + ((part.kind() == Part.Kind.MEMBER ? 20 : 10) + part.number());
    }

    /** Where nodes find a broker. */
    String brokerAddress(int number) {
        return host + ":" + port(new Part(Part.Kind.BROKER, number));
    }

    /** Where nodes find a member. */
    String memberAddress(int number) {
        return host + ":" + port(new Part(Part.Kind.MEMBER, number));
    }

    private GenericContainer<?> container(String image, Part part, int portInside) {
        String bound = host.equals("localhost") ? "127.0.0.1" : "0.0.0.0";
        return new GenericContainer<>(DockerImageName.parse(image))
                .withNetwork(network)
                .withExposedPorts(portInside)
                .withCreateContainerCmdModifier(command -> {
                    command.withIpv4Address(addressInside(part));
                    Objects.requireNonNull(command.getHostConfig())
                            .withPortBindings(new PortBinding(
                                    Ports.Binding.bindIpAndPort(bound, port(part)), new ExposedPort(portInside)));
                });
    }

    /** A broker, with its controller, of a quorum of three; not started. */
    GenericContainer<?> broker(int number) {
        Part part = new Part(Part.Kind.BROKER, number);
        String inside = addressInside(part);
        String voters = IntStream.rangeClosed(1, World.BROKERS)
                .mapToObj(n -> n + "@" + addressInside(new Part(Part.Kind.BROKER, n)) + ":9093")
                .collect(Collectors.joining(","));
        return container(KAFKA, part, BROKER_PORT)
                .withEnv("CLUSTER_ID", "ZzJjYWNoZS1jb250YWluZX")
                .withEnv("KAFKA_HEAP_OPTS", "-Xmx256m")
                .withEnv("KAFKA_NODE_ID", "" + number)
                .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
                .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", voters)
                .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
                .withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE")
                .withEnv(
                        "KAFKA_LISTENERS",
                        "INSIDE://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093,OUTSIDE://0.0.0.0:" + BROKER_PORT)
                .withEnv(
                        "KAFKA_ADVERTISED_LISTENERS", "INSIDE://" + inside + ":9092,OUTSIDE://" + brokerAddress(number))
                .withEnv(
                        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                        "INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTSIDE:PLAINTEXT")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "3")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_BROKER_SESSION_TIMEOUT_MS", "1500")
                .withEnv("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "200")
                .withEnv("KAFKA_CONTROLLER_QUORUM_ELECTION_TIMEOUT_MS", "300")
                .withEnv("KAFKA_CONTROLLER_QUORUM_FETCH_TIMEOUT_MS", "600")
                .withEnv("KAFKA_CONTROLLER_QUORUM_ELECTION_BACKOFF_MAX_MS", "100")
                .withEnv("KAFKA_REPLICA_LAG_TIME_MAX_MS", "2000")
                .withEnv("KAFKA_NUM_NETWORK_THREADS", "2")
                .withEnv("KAFKA_NUM_IO_THREADS", "2")
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1).withStartupTimeout(START));
    }

    /** A Hazelcast member; not started. */
    GenericContainer<?> member(int number) {
        String members = IntStream.rangeClosed(1, World.MEMBERS)
                .mapToObj(n -> addressInside(new Part(Part.Kind.MEMBER, n)))
                .collect(Collectors.joining(","));
        Part part = new Part(Part.Kind.MEMBER, number);
        return container(HAZELCAST, part, MEMBER_PORT)
                .withEnv("HZ_CLUSTERNAME", namespace)
                .withEnv("HZ_NETWORK_JOIN_AUTODETECTION_ENABLED", "false")
                .withEnv("HZ_NETWORK_JOIN_MULTICAST_ENABLED", "false")
                .withEnv("HZ_NETWORK_JOIN_TCPIP_ENABLED", "true")
                .withEnv("HZ_NETWORK_JOIN_TCPIP_MEMBERS", members)
                .withEnv(
                        "JAVA_OPTS",
                        "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dhazelcast.phone.home.enabled=false"
                                + " -Dhazelcast.local.localAddress=" + addressInside(part)
                                + " -Dhazelcast.heartbeat.interval.seconds=1 -Dhazelcast.max.no.heartbeat.seconds=5"
                                + " -Dhazelcast.merge.first.run.delay.seconds=2"
                                + " -Dhazelcast.merge.next.run.delay.seconds=2")
                .waitingFor(Wait.forLogMessage(".*is STARTED.*", 1).withStartupTimeout(START));
    }
}
