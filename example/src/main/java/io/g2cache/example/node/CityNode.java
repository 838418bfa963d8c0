package io.g2cache.example.node;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.audit.server.AuditServer;
import io.g2cache.codec.Codecs;
import io.g2cache.codec.JsonCodec;
import io.g2cache.example.city.City;
import io.g2cache.example.city.CityTable;
import io.g2cache.example.http.ApiServer;
import io.g2cache.example.http.Router;
import io.g2cache.example.http.WebFiles;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.jdbcx.JdbcConnectionPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the service: a {@link G2Node} with one cache, load on it, and HTTP.
 *
 * <p>Thread-safe. Besides the threads of its parts it has one, {@code node-timer}, which samples figures every second and
 * publishes late what could not be published at once.
 */
public final class CityNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CityNode.class);
    private static final int CONNECTIONS = 12;
    private static final double SKEW = 0.99;
    private static final int CACHED_HERE = 20_000;
    private static final Duration LATE = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final JdbcConnectionPool connections;
    private final G2Node node;
    private final Cities cities;
    private final NodeOptions options;
    private final CatchingUp catchingUp;
    private final LoadGenerator load;
    private final Sampler sampler;
    private final AtomicLong republished = new AtomicLong();
    private final Ticker timer = new Ticker("node-timer");
    private final ApiServer server;
    private final AuditServer audit;

    private CityNode(NodeOptions options, G2Node node, JdbcConnectionPool connections, long startMillis)
            throws SQLException, IOException {
        this.options = options;
        this.node = node;
        this.catchingUp = new CatchingUp(node);
        this.connections = connections;
        CityTable table = new CityTable(connections);
        Latencies latencies = new Latencies();
        Ownership ownership = new Ownership(options.index(), options.peers().size());
        G2Cache<Long, City> cache = node.cache(spec());
        this.cities = new Cities(cache, table, options.name(), ownership, latencies);
        this.sampler = new Sampler(node, latencies);
        ZipfPicker picker = new ZipfPicker(table.idsByPopulation(), SKEW, options.index());
        this.load = new LoadGenerator(cities, ownership, picker, options.index());
        this.server =
                ApiServer.start(options.httpPort(), router(options, ownership, startMillis), NodeErrors::translate);
        this.audit = AuditServer.of(node).port(options.auditPort()).start();
        timer.every(Duration.ofSeconds(1), sampler::sample);
    }

    /** Waits until the node is ready, and tells meanwhile over HTTP how far it is; then its load begins. */
    private void begin() throws SQLException, IOException, InterruptedException {
        catchingUp.await(Modules.START_TIMEOUT);
        republished.addAndGet(cities.republish(Duration.ZERO));
        load.rates(options.getsPerSecond(), options.updatesPerSecond(), LATE);
        timer.every(LATE, this::republish);
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @throws SQLException if the database does not answer
     * @throws IOException if the HTTP port cannot be bound, or the node is not ready in time
     * @throws InterruptedException if interrupted
     * @throws io.g2cache.G2CacheException if a tier or the log cannot be used
     */
    public static CityNode start(NodeOptions options) throws SQLException, IOException, InterruptedException {
        long start = TimeSource.SYSTEM.monotonicMillis();
        JdbcConnectionPool connections =
                JdbcConnectionPool.create(options.databaseUrl(), options.databaseUser(), options.databasePassword());
        connections.setMaxConnections(CONNECTIONS);
        G2Node node = Modules.node(options);
        CityNode started = new CityNode(options, node, connections, TimeSource.SYSTEM.monotonicMillis() - start);
        started.begin();
        return started;
    }

    private static CacheSpec<Long, City> spec() {
        return CacheSpec.builder("cities", Codecs.int64(), JsonCodec.of(City.class))
                .lifetime(
                        Lifetime.of(Duration.ofMinutes(10), Duration.ofHours(1)).withJitter(0.1))
                .maximumEntries(CACHED_HERE)
                .averageEntryBytes(256)
                .publish(PublishMode.VALUE)
                .build();
    }

    private Router router(NodeOptions options, Ownership ownership, long startMillis) throws IOException {
        Router router = new Router();
        WebFiles.addTo(router);
        new CityApi(node, cities, ownership, List.copyOf(options.peers().values())).addTo(router);
        new DemoApi(node, cities, load).addTo(router);
        new StaticsApi(
                        options.name(),
                        options.peers(),
                        node,
                        cities,
                        load,
                        sampler,
                        republished::get,
                        startMillis,
                        catchingUp)
                .addTo(router);
        return router;
    }

    private void republish() {
        try {
            republished.addAndGet(cities.republish(LATE));
        } catch (SQLException | RuntimeException e) {
            LOG.warn("changes could not be published yet, trying again in {}", LATE, e);
        }
    }

    /** The port of its HTTP server. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        audit.close();
        timer.close();
        load.close();
        node.close(CLOSE_TIMEOUT);
        connections.dispose();
    }
}
