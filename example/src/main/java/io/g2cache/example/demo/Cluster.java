package io.g2cache.example.demo;

import io.g2cache.example.city.CityDatabase;
import io.g2cache.example.node.NodeOptions;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything the demo starts: broker, database, node processes, temporary directory; and ends again.
 *
 * <p>Thread-safe: the monitor guards what exists. A shutdown hook may close it at any time; nothing is started after
 * that. Starting a process is done under the monitor, waiting for it is not, so that closing never waits long.
 */
final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final List<String> NAMES = List.of("A", "B", "C");
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final KafkaBroker broker = KafkaBroker.builder().build();
    private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
    private final Map<String, NodeOptions> options = new LinkedHashMap<>();
    private final Workspace workspace;
    private final String password;
    private @Nullable CityDatabase database;
    private boolean closed;

    Cluster() throws IOException {
        this.workspace = Workspace.create();
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        this.password = HexFormat.of().formatHex(random);
    }

    /** Starts the broker and waits until it serves. */
    void startBroker() {
        requireOpen();
        broker.start();
    }

    /** Starts and fills the database. */
    void startDatabase() throws SQLException {
        CityDatabase started = CityDatabase.start(password);
        synchronized (this) {
            if (!closed) {
                database = started;
                return;
            }
        }
        started.close();
        requireOpen();
    }

    /** Picks the ports of all nodes; broker and database must have been started. */
    synchronized void plan(int gets, int updates) throws IOException {
        CityDatabase.Credentials credentials = credentials();
        int count = NAMES.size();
        List<Integer> ports = FreePorts.next(3 * count);
        List<String> members = ports.subList(0, count).stream()
                .map(port -> "127.0.0.1:" + port)
                .toList();
        Map<String, String> peers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            peers.put(NAMES.get(i), "http://127.0.0.1:" + ports.get(count + i));
        }
        for (int i = 0; i < count; i++) {
            options.put(
                    NAMES.get(i),
                    new NodeOptions(
                            NAMES.get(i),
                            i,
                            ports.get(count + i),
                            ports.get(2 * count + i),
                            ports.get(i),
                            members,
                            "g2cache-demo-" + ProcessHandle.current().pid(),
                            broker.bootstrapServers(),
                            workspace.localTier(NAMES.get(i)).toString(),
                            credentials.url(),
                            credentials.user(),
                            credentials.password(),
                            gets,
                            updates,
                            peers));
        }
    }

    /** Starts the process of a node that does not run; does not wait for it. */
    synchronized NodeProcess startNode(String name) throws IOException {
        requireOpen();
        NodeOptions its = options.get(name);
        if (its == null) {
            throw new IllegalStateException("no plan for node " + name);
        }
        NodeProcess started = NodeProcess.start(its, workspace.log(name));
        nodes.put(name, started);
        return started;
    }

    /** How to connect to the database. */
    synchronized CityDatabase.Credentials credentials() {
        requireOpen();
        if (database == null) {
            throw new IllegalStateException("the database was not started");
        }
        return database.credentials();
    }

    /** The nodes as started last, in the order of their numbers. */
    synchronized List<NodeProcess> nodes() {
        return List.copyOf(nodes.values());
    }

    /** The node of the name, as started last. */
    synchronized NodeProcess node(String name) {
        NodeProcess found = nodes.get(name);
        if (found == null) {
            throw new IllegalStateException("node " + name + " was not started");
        }
        return found;
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the demo is ending");
        }
    }

    /** Ends all processes, first politely, and deletes every file. Idempotent; takes at most about 10 seconds. */
    @Override
    public void close() {
        CityDatabase open;
        List<NodeProcess> running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = database;
            running = new ArrayList<>(nodes.values());
        }
        end(running);
        step("broker", broker::close);
        if (open != null) {
            step("database", open::close);
        }
        step("temporary directory", workspace::delete);
    }

    private static void end(List<NodeProcess> running) {
        running.forEach(NodeProcess::requestExit);
        long start = TimeSource.SYSTEM.monotonicMillis();
        for (NodeProcess node : running) {
            long left = GRACE.toMillis() - (TimeSource.SYSTEM.monotonicMillis() - start);
            if (!node.awaitExit(Duration.ofMillis(Math.max(0, left)))) {
                node.kill(Duration.ofSeconds(2));
            }
        }
    }

    /** A part of closing. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException, SQLException;
    }

    private static void step(String what, Step step) {
        try {
            step.run();
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.error("the {} could not be closed", what, e);
        }
    }
}
