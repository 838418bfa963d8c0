package io.g2cache.example.node;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeStatus;
import io.g2cache.WriteToken;
import io.g2cache.example.http.Reply;
import io.g2cache.example.http.Router;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /statics}: everything a node tells of itself. Thread-safe. */
final class StaticsApi {
    private final String name;
    private final Map<String, String> peers;
    private final G2Node node;
    private final Cities cities;
    private final LoadGenerator load;
    private final Sampler sampler;
    private final LongSupplier republished;
    private final long startMillis;
    private final CatchingUp catchingUp;

    /**
     * Answers for the parts of a node.
     *
     * @param peers all nodes, this one too: name and URL
     * @param republished how many changes were told to the cache late
     * @param startMillis how long building the G2Node took
     */
    StaticsApi(
            String name,
            Map<String, String> peers,
            G2Node node,
            Cities cities,
            LoadGenerator load,
            Sampler sampler,
            LongSupplier republished,
            long startMillis,
            CatchingUp catchingUp) {
        this.name = name;
        this.peers = peers;
        this.node = node;
        this.cities = cities;
        this.load = load;
        this.sampler = sampler;
        this.republished = republished;
        this.startMillis = startMillis;
        this.catchingUp = catchingUp;
    }

    /** Adds its route. Any page of this machine may read the figures: the page of one node asks all nodes. */
    void addTo(Router router) {
        router.add(
                "GET",
                "/statics",
                (request, argument) -> Reply.json(statics()).with("Access-Control-Allow-Origin", "*"));
    }

    private NodeStatics statics() {
        Sampler.Sample sample = sampler.latest();
        NodeStatus status = node.status();
        @Nullable WriteToken written = cities.written();
        return new NodeStatics(
                name,
                node.id(),
                status.state().name(),
                status.lagEvents(),
                status.lagMillis(),
                sample.getsPerSecond(),
                sample.localHitRate(),
                sample.outHitRate(),
                sample.sourceRate(),
                sample.p50Micros(),
                sample.p99Micros(),
                status.eventsApplied(),
                load.updates(),
                load.failures(),
                republished.getAsLong(),
                counter("audit_checked"),
                counter("audit_difference"),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                startMillis,
                catchingUp.progress(),
                written == null ? "" : written.toString(),
                node.caches().stream().map(G2Cache::stats).toList(),
                peers);
    }

    private long counter(String counter) {
        return node.caches().stream()
                .mapToLong(cache -> cache.stats().counter(counter))
                .sum();
    }
}
