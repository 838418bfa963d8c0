package io.g2cache.it.chaos;

import io.g2cache.it.Child;
import io.g2cache.it.chaos.Fault.Action;
import io.g2cache.it.chaos.Fault.Trouble;
import io.g2cache.it.chaos.NodeSettings.Role;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBroker;
import io.g2cache.testkit.kafka.KafkaCluster;
import io.g2cache.testkit.kafka.KafkaClusterBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Everything in JVMs of its own on this machine: three nodes, three brokers, two Hazelcast members. Between nodes, brokers and members
 * there are proxies; brokers reach each other directly. Thread-safe, apart for each part.
 */
final class ChildWorld implements World {
    private final String namespace = "chaos-" + UUID.randomUUID();
    private final Path directory;
    private final SqlTruth truth;
    private final long seed;
    private final Ways log = new Ways(Part.Kind.LOG_WAY, KeySpace.NODES, Part.Kind.BROKER_WAY, BROKERS);
    private final Ways out = new Ways(Part.Kind.OUT_WAY, KeySpace.NODES, Part.Kind.MEMBER_WAY, MEMBERS);
    private final Ways members = new Ways(Part.Kind.MEMBERS_WAY, 1, Part.Kind.MEMBERS_WAY, MEMBERS);
    private final KafkaCluster brokers;
    private final int[] memberPorts = new int[MEMBERS];
    private final Map<Integer, Child> memberProcesses = new ConcurrentHashMap<>();
    private final Map<Integer, NodeProcess> nodes = new ConcurrentHashMap<>();

    private ChildWorld(Path directory, SqlTruth truth, long seed) throws IOException {
        this.directory = directory;
        this.truth = truth;
        this.seed = seed;
        KafkaClusterBuilder builder = KafkaCluster.builder().size(BROKERS);
        for (int broker = 1; broker <= BROKERS; broker++) {
            int server = broker;
            builder.proxyPorts(
                    broker,
                    IntStream.rangeClosed(1, KeySpace.NODES)
                            .mapToObj(node -> log.way(node, server).port())
                            .toList());
        }
        brokers = builder.build();
        for (int i = 0; i < MEMBERS; i++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                memberPorts[i] = socket.getLocalPort();
            }
        }
    }

    /** Starts everything; nodes of which one is deaf, where that is wanted. */
    static ChildWorld start(Path directory, SqlTruth truth, long seed, boolean isOneDeaf) throws Exception {
        ChildWorld world = new ChildWorld(directory, truth, seed);
        try {
            world.startServers();
            for (int node = 1; node <= KeySpace.NODES; node++) {
                Role role = isOneDeaf && node == 2 ? Role.DEAF : Role.WORKER;
                world.nodes.put(node, NodeProcess.start(world.settings(node, node, role)));
            }
            return world;
        } catch (Exception | AssertionError e) {
            world.close();
            throw e;
        }
    }

    private void startServers() throws Exception {
        for (int member = 1; member <= MEMBERS; member++) {
            startMember(member);
        }
        brokers.start();
        for (int node = 1; node <= KeySpace.NODES; node++) {
            for (int broker = 1; broker <= BROKERS; broker++) {
                log.way(node, broker).target(brokers.broker(broker).proxiedPort(node - 1));
            }
            for (int member = 1; member <= MEMBERS; member++) {
                out.way(node, member).target(memberPorts[member - 1]);
            }
        }
        for (int member = 1; member <= MEMBERS; member++) {
            awaitMember(member);
        }
    }

    private void startMember(int member) throws IOException {
        TcpProxy own = members.way(1, member);
        own.target(memberPorts[member - 1]);
        memberProcesses.put(
                member,
                Child.start(
                        ChaosMember.class,
                        namespace,
                        "" + memberPorts[member - 1],
                        "" + own.port(),
                        "" + members.way(1, 1).port(),
                        "" + members.way(1, 2).port()));
    }

    private void awaitMember(int member) throws InterruptedException {
        String line = memberProcesses.get(member).line("of member " + member);
        if (!line.startsWith("READY")) {
            throw new IllegalStateException("member=" + member + " said: " + line);
        }
    }

    /** The settings of a node that uses the ways of this one. */
    private NodeSettings settings(int number, int ways, Role role) {
        return NodeSettings.first(
                number,
                namespace,
                IntStream.rangeClosed(1, BROKERS)
                        .mapToObj(broker -> "127.0.0.1:" + log.way(ways, broker).port())
                        .collect(Collectors.joining(",")),
                IntStream.rangeClosed(1, MEMBERS)
                        .mapToObj(
                                member -> "127.0.0.1:" + members.way(1, member).port() + "=127.0.0.1:"
                                        + out.way(ways, member).port())
                        .collect(Collectors.joining(",")),
                directory,
                truth,
                seed,
                role);
    }

    @Override
    public List<Trouble> troubles() {
        List<Trouble> all = new ArrayList<>();
        add(all, Part.Kind.NODE, KeySpace.NODES, Action.KILL, Action.FREEZE);
        add(all, Part.Kind.BROKER, BROKERS, Action.KILL, Action.FREEZE);
        add(all, Part.Kind.MEMBER, MEMBERS, Action.KILL, Action.FREEZE);
        add(all, Part.Kind.LOG_WAY, KeySpace.NODES, Action.CUT, Action.HANG);
        add(all, Part.Kind.OUT_WAY, KeySpace.NODES, Action.CUT, Action.HANG);
        add(all, Part.Kind.BROKER_WAY, BROKERS, Action.CUT, Action.HANG);
        add(all, Part.Kind.MEMBER_WAY, MEMBERS, Action.CUT, Action.HANG);
        add(all, Part.Kind.MEMBERS_WAY, 1, Action.CUT);
        for (Action action : List.of(Action.KILL, Action.FREEZE)) {
            all.add(new Trouble(action, parts(Part.Kind.BROKER, BROKERS)));
            all.add(new Trouble(action, parts(Part.Kind.MEMBER, MEMBERS)));
        }
        return all;
    }

    static void add(List<Trouble> all, Part.Kind kind, int count, Action... actions) {
        for (Action action : actions) {
            parts(kind, count).forEach(part -> all.add(new Trouble(action, List.of(part))));
        }
    }

    static List<Part> parts(Part.Kind kind, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Part(kind, number))
                .toList();
    }

    private List<Ways> ways() {
        return List.of(log, out, members);
    }

    @Override
    public void inflict(Fault fault) throws Exception {
        Part part = fault.part();
        switch (part.kind()) {
            case NODE -> nodes.get(part.number()).inflict(fault.action());
            case BROKER -> {
                KafkaBroker broker = brokers.broker(part.number());
                if (fault.action() == Action.KILL) {
                    broker.kill();
                } else {
                    broker.suspend();
                }
            }
            case MEMBER -> {
                Child member = memberProcesses.get(part.number());
                if (fault.action() == Action.KILL) {
                    member.kill();
                } else {
                    member.freeze();
                }
            }
            default ->
                ways().stream().filter(ways -> ways.has(part)).forEach(ways -> ways.inflict(part, fault.action()));
        }
    }

    @Override
    public void undo(Fault fault) throws Exception {
        Part part = fault.part();
        switch (part.kind()) {
            case NODE -> nodes.get(part.number()).undo(fault.action());
            case BROKER -> {
                KafkaBroker broker = brokers.broker(part.number());
                if (fault.action() == Action.KILL) {
                    broker.start();
                } else {
                    broker.resume();
                }
            }
            case MEMBER -> {
                if (fault.action() == Action.KILL) {
                    startMember(part.number());
                    awaitMember(part.number());
                } else {
                    memberProcesses.get(part.number()).thaw();
                }
            }
            default -> ways().stream().filter(ways -> ways.has(part)).forEach(ways -> ways.undo(part));
        }
    }

    @Override
    public void startOutView() throws IOException {
        int number = KeySpace.NODES + 1;
        nodes.put(number, NodeProcess.start(settings(number, 1, Role.OUT_VIEW)));
    }

    @Override
    public void close() {
        nodes.values().forEach(NodeProcess::close);
        memberProcesses.values().forEach(Child::close);
        brokers.close();
        ways().forEach(Ways::close);
    }
}
