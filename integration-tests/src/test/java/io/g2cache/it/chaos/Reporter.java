package io.g2cache.it.chaos;

import io.g2cache.CacheStats;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeStatus;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Records ten times a second how a node is, tells the database, and leads the clients from phase to phase. What it does by
 * itself is the work of one thread, the one that {@link #start} starts; node and clients are handed over by a volatile field.
 */
final class Reporter {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long NOTICED = TimeUnit.MILLISECONDS.toNanos(20);

    private record Opened(G2Node node, Clients clients) {}

    private final NodeSettings settings;
    private final HistoryWriter history;
    private final SqlRows rows;
    private volatile Opened opened;
    private long last = System.nanoTime();

    Reporter(NodeSettings settings, HistoryWriter history, SqlRows rows) {
        this.settings = settings;
        this.history = history;
        this.rows = rows;
    }

    /** The first sample is written before this returns: it tells when the process was born. */
    void start() {
        history.write(sample(last));
        Thread thread = new Thread(this::run, "reporter");
        thread.setDaemon(true);
        thread.start();
    }

    /** There is a node now. */
    void opened(G2Node node, Clients clients) {
        opened = new Opened(node, clients);
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(INTERVAL);
                Sample sample = sample(System.nanoTime());
                last = sample.time();
                history.write(sample);
                Opened own = opened;
                var phase = rows.report(sample, own == null ? "" : own.clients.done());
                if (own != null) {
                    own.clients.enter(phase);
                }
            }
        } catch (InterruptedException | SQLException e) {
            throw new IllegalStateException("node=" + settings.number() + " reports no more", e);
        }
    }

    private Sample sample(long now) {
        long over = now - last - INTERVAL;
        long pause = over > NOTICED ? over : 0;
        Opened own = opened;
        if (own == null) {
            return new Sample(settings.number(), settings.life(), now, "STARTING", pause, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        NodeStatus status = own.node.status();
        return new Sample(
                settings.number(),
                settings.life(),
                now,
                status.state().name(),
                pause,
                own.clients.oldestOpen(now),
                own.node.writeQueue().waiting(),
                sum(own.node, stats -> stats.counter("audit_difference")),
                sum(own.node, stats -> stats.counter("new_generation")),
                sum(own.node, stats -> stats.counter("gap") + stats.counter("cold_start")),
                sum(own.node, CacheStats::localHits),
                sum(own.node, CacheStats::outHits),
                sum(own.node, CacheStats::loads));
    }

    private static long sum(G2Node node, ToLongFunction<CacheStats> figure) {
        return node.caches().stream().map(G2Cache::stats).mapToLong(figure).sum();
    }
}
