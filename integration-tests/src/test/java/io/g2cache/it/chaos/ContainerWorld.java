package io.g2cache.it.chaos;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network.Ipam;
import io.g2cache.it.chaos.Fault.Action;
import io.g2cache.it.chaos.Fault.Trouble;
import io.g2cache.it.chaos.NodeSettings.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/**
 * Three brokers and two Hazelcast members in containers of the stock images, and nodes in JVMs of their own beside them. What is
 * killed is started again with its files, its address and its port; what is cut off leaves the network of the containers, and so
 * loses brokers or members as well as nodes. Thread-safe, apart for each part.
 */
final class ContainerWorld implements World {
    private static final Duration FREEZING = Duration.ofSeconds(20);

    private final String namespace = "chaos-" + UUID.randomUUID();
    private final Path directory;
    private final SqlTruth truth;
    private final long seed;
    private final DockerClient docker = DockerClientFactory.instance().client();
    private final Network network;
    private final Servers servers;
    private final Map<Part, GenericContainer<?>> containers = new ConcurrentHashMap<>();
    private final Map<Integer, NodeProcess> nodes = new ConcurrentHashMap<>();

    private ContainerWorld(Path directory, SqlTruth truth, long seed) {
        this.directory = directory;
        this.truth = truth;
        this.seed = seed;
        // A network with an address range of its own gives containers addresses that they keep.
        String range = "10." + ThreadLocalRandom.current().nextInt(200, 250) + "."
                + ThreadLocalRandom.current().nextInt(256) + ".";
        this.network = Network.builder()
                .createNetworkCmdModifier(command ->
                        command.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(range + "0/24"))))
                .build();
        this.servers = new Servers(namespace, network, range);
    }

    /** Starts everything. */
    static ContainerWorld start(Path directory, SqlTruth truth, long seed) throws Exception {
        ContainerWorld world = new ContainerWorld(directory, truth, seed);
        try {
            ChildWorld.parts(Part.Kind.BROKER, BROKERS)
                    .forEach(part -> world.containers.put(part, world.servers.broker(part.number())));
            ChildWorld.parts(Part.Kind.MEMBER, MEMBERS)
                    .forEach(part -> world.containers.put(part, world.servers.member(part.number())));
            Startables.deepStart(world.containers.values()).get();
            for (int node = 1; node <= KeySpace.NODES; node++) {
                world.nodes.put(node, NodeProcess.start(world.settings(node, Role.WORKER)));
            }
            return world;
        } catch (Exception | AssertionError e) {
            world.close();
            throw e;
        }
    }

    private NodeSettings settings(int number, Role role) {
        return NodeSettings.first(
                number,
                namespace,
                IntStream.rangeClosed(1, BROKERS)
                        .mapToObj(servers::brokerAddress)
                        .collect(Collectors.joining(",")),
                IntStream.rangeClosed(1, MEMBERS)
                        .mapToObj(servers::memberAddress)
                        .collect(Collectors.joining(",")),
                directory,
                truth,
                seed,
                role);
    }

    @Override
    public List<Trouble> troubles() {
        List<Trouble> all = new ArrayList<>();
        ChildWorld.add(all, Part.Kind.NODE, KeySpace.NODES, Action.KILL, Action.FREEZE);
        ChildWorld.add(all, Part.Kind.BROKER, BROKERS, Action.KILL, Action.FREEZE, Action.CUT);
        ChildWorld.add(all, Part.Kind.MEMBER, MEMBERS, Action.KILL, Action.FREEZE, Action.CUT);
        all.add(new Trouble(Action.KILL, ChildWorld.parts(Part.Kind.BROKER, BROKERS)));
        all.add(new Trouble(Action.KILL, ChildWorld.parts(Part.Kind.MEMBER, MEMBERS)));
        return all;
    }

    @Override
    public void inflict(Fault fault) throws Exception {
        if (fault.part().kind() == Part.Kind.NODE) {
            nodes.get(fault.part().number()).inflict(fault.action());
            return;
        }
        String id = containers.get(fault.part()).getContainerId();
        switch (fault.action()) {
            case KILL -> docker.killContainerCmd(id).exec();
            case FREEZE -> freeze(id);
            case CUT ->
                docker.disconnectFromNetworkCmd()
                        .withNetworkId(network.getId())
                        .withContainerId(id)
                        .exec();
            case HANG -> throw new IllegalArgumentException("fault=" + fault + " is not for a container");
        }
    }

    /** An engine whose machine is busy gives up after a while, and lets the container go on: it is asked again. */
    private void freeze(String id) {
        Awaitility.await("container " + id + " is paused")
                .atMost(FREEZING)
                .ignoreExceptionsMatching(
                        failure -> String.valueOf(failure.getMessage()).contains("unable to freeze"))
                .until(() -> {
                    docker.pauseContainerCmd(id).exec();
                    return true;
                });
    }

    @Override
    public void undo(Fault fault) throws Exception {
        if (fault.part().kind() == Part.Kind.NODE) {
            nodes.get(fault.part().number()).undo(fault.action());
            return;
        }
        String id = containers.get(fault.part()).getContainerId();
        switch (fault.action()) {
            case KILL -> docker.startContainerCmd(id).exec();
            case FREEZE -> docker.unpauseContainerCmd(id).exec();
            default ->
                docker.connectToNetworkCmd()
                        .withNetworkId(network.getId())
                        .withContainerId(id)
                        .withContainerNetwork(new ContainerNetwork()
                                .withIpamConfig(new ContainerNetwork.Ipam()
                                        .withIpv4Address(servers.addressInside(fault.part()))))
                        .exec();
        }
    }

    @Override
    public void startOutView() throws IOException {
        int number = KeySpace.NODES + 1;
        nodes.put(number, NodeProcess.start(settings(number, Role.OUT_VIEW)));
    }

    @Override
    public void close() {
        nodes.values().forEach(NodeProcess::close);
        containers.values().forEach(GenericContainer::stop);
        network.close();
    }
}
