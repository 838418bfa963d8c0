package io.g2cache.example.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.WriteToken;
import io.g2cache.example.city.City;
import io.g2cache.example.city.CityDatabase;
import io.g2cache.example.city.CityTable;
import io.g2cache.example.node.DemoApi;
import io.g2cache.example.node.Ownership;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.h2.jdbcx.JdbcConnectionPool;

/** What the demo does, one method a step, in the order in which they are called. Not thread-safe. */
final class Phases {
    private static final int GETS = 2_000;
    private static final int UPDATES = 20;
    private static final int CHANGED = 1_000;
    private static final int PROBES = 21;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final Console console;

    Phases(Cluster cluster, Console console) {
        this.cluster = cluster;
        this.console = console;
    }

    /** Starts everything. */
    void start() throws IOException, SQLException {
        console.line("starting a Kafka broker and a database");
        CompletableFuture<Boolean> database = Waiting.start("database", () -> {
            cluster.startDatabase();
            return true;
        });
        cluster.startBroker();
        Waiting.result("filling the database", database, START);
        console.line(
                "both are ready; the database holds cities of the world, data by GeoNames (geonames.org), CC BY 4.0");
        cluster.plan(GETS, UPDATES);
        console.line("starting nodes A, B and C, each with up to %,d gets/s and %d updates/s", GETS, UPDATES);
        NodeProcess first = cluster.startNode("A");
        first.awaitReady(START);
        List<NodeProcess> others = List.of(cluster.startNode("B"), cluster.startNode("C"));
        others.forEach(node -> node.awaitReady(START));
        console.line("all nodes are ready");
    }

    /** Updates on A, seen on B and C. */
    void propagation() throws IOException, SQLException {
        long[] ranked = ranked();
        List<Long> free = Arrays.stream(ranked)
                .filter(id -> !Ownership.hasSingleWriter(id))
                .limit(PROBES)
                .boxed()
                .toList();
        List<double[]> times =
                new Propagation(cluster.node("A"), List.of(cluster.node("B"), cluster.node("C"))).of(free);
        console.line(
                "%d updates on A (database, then log) were visible on B after %s, on C after %s",
                PROBES, Propagation.summary(times, 0), Propagation.summary(times, 1));
    }

    /** Kills B, changes cities meanwhile, starts B again. */
    void crash() throws IOException, SQLException {
        List<List<Long>> shares = ChangedKeys.share(ranked(), CHANGED, 3, List.of(0, 2));
        List<Long> all = shares.stream().flatMap(List::stream).toList();
        for (NodeProcess node : cluster.nodes()) {
            node.client().readAll(all, "");
        }
        NodeProcess killed = cluster.node("B");
        killed.kill(Duration.ofSeconds(5));
        console.line("B  killed (SIGKILL); its load has stopped, its local tier lies in a file");
        String token = change(shares);
        for (String name : List.of("A", "C")) {
            cluster.node(name).client().readAll(all, token);
        }
        restart();
        int cached = 0;
        for (NodeProcess node : cluster.nodes()) {
            node.client().readAll(all, token);
            cached += node.client().cachedAll(all, token).size();
        }
        console.line("all three nodes have read the %,d cities again: %,d cached values", all.size(), cached);
    }

    private String change(List<List<Long>> shares) throws IOException {
        long start = TimeSource.SYSTEM.monotonicMillis();
        CompletableFuture<DemoApi.Changes> changes =
                Waiting.start("changes-a", () -> cluster.node("A").client().changeAll(shares.get(0)));
        DemoApi.Changes onC = cluster.node("C").client().changeAll(shares.get(1));
        DemoApi.Changes onA = Waiting.result("changes through A", changes, START);
        int changed = onA.changed() + onC.changed();
        console.line(
                "%,d cities changed meanwhile, through A and C, in %,d ms",
                changed, TimeSource.SYSTEM.monotonicMillis() - start);
        if (changed != CHANGED) {
            throw new DemoFailedException("changed=" + changed + " must be " + CHANGED);
        }
        return WriteToken.parse(onA.token()).and(WriteToken.parse(onC.token())).toString();
    }

    private void restart() throws IOException {
        long start = TimeSource.SYSTEM.monotonicMillis();
        console.line("B  starting again");
        NodeProcess node = cluster.startNode("B");
        CatchUpLine progress = new CatchUpLine("B", console);
        node.awaitReady(START, () -> progress.look(node.client()));
        long took = TimeSource.SYSTEM.monotonicMillis() - start;
        JsonNode statics = node.client().statics(QUIET);
        progress.end(statics);
        JsonNode cities = statics.path("caches").path(0);
        console.line(
                "B  caught up: ready after %,d ms, %,d ms of it connecting; %,d events replayed into its kept tier, which holds %,d cities; lag %,d",
                took,
                statics.path("startMillis").asLong(),
                cities.path("counters").path("event_replayed").asLong(),
                cities.path("estimatedSize").asLong(),
                statics.path("lagEvents").asLong());
    }

    /** Lets the load run. */
    void watch(Duration time) {
        Waiting.pause(time);
    }

    /** Stops the load, waits until every node has proved to be at the log's end, and compares. */
    Comparison.Result compare() throws IOException, SQLException {
        for (NodeProcess node : cluster.nodes()) {
            node.client().load(0, 0);
        }
        for (NodeProcess node : cluster.nodes()) {
            node.client().republish();
        }
        long quietSince = TimeSource.SYSTEM.monotonicMillis();
        for (NodeProcess node : cluster.nodes()) {
            Waiting.until(
                    "node " + node.name() + " has read the log to its end",
                    QUIET,
                    Duration.ofMillis(50),
                    () -> isFreshSince(node, quietSince));
        }
        List<City> changed = changed();
        console.line("load stopped; comparing the %,d cities changed so far with the database", changed.size());
        Map<String, NodeClient> caches = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> caches.put(node.name(), node.client()));
        return new Comparison(console).of(caches, changed);
    }

    private static boolean isFreshSince(NodeProcess node, long since) {
        try {
            JsonNode statics = node.client().statics(QUIET);
            long freshAsOf = TimeSource.SYSTEM.monotonicMillis()
                    - statics.path("lagMillis").asLong();
            return statics.path("lagEvents").asLong() == 0 && freshAsOf > since;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<City> changed() throws SQLException {
        JdbcConnectionPool pool = pool();
        try {
            return new CityTable(pool).changed();
        } finally {
            pool.dispose();
        }
    }

    private long[] ranked() throws SQLException {
        JdbcConnectionPool pool = pool();
        try {
            return new CityTable(pool).idsByPopulation();
        } finally {
            pool.dispose();
        }
    }

    private JdbcConnectionPool pool() {
        CityDatabase.Credentials credentials = cluster.credentials();
        return JdbcConnectionPool.create(credentials.url(), credentials.user(), credentials.password());
    }

    /** Where the nodes answer. */
    List<String> urls() {
        List<String> urls = new ArrayList<>();
        cluster.nodes().forEach(node -> urls.add(node.options().peers().get(node.name())));
        return urls;
    }

    /** What compares the tiers of all nodes with the log. */
    String auditCommand() {
        String nodes = cluster.nodes().stream()
                .map(node -> "127.0.0.1:" + node.options().auditPort())
                .collect(Collectors.joining(","));
        String brokers = cluster.nodes().get(0).options().bootstrapServers();
        return "bin/g2cache audit -b " + brokers + " -n demo --key-codec long --node " + nodes;
    }
}
