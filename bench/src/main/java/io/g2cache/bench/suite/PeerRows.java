package io.g2cache.bench.suite;

import io.g2cache.bench.peers.NearHitBenchmark;
import io.g2cache.bench.peers.Peer;
import io.g2cache.bench.peers.PutBenchmark;
import io.g2cache.bench.peers.SharedReadBenchmark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.Mode;

/** Rows of distributed caches: ours as it is deployed, and those of others that can be started here. */
final class PeerRows {
    private static final int SET_UP_SECONDS = 10;

    private final List<Row> rows = new ArrayList<>();

    private PeerRows() {}

    static List<Row> all() {
        PeerRows peers = new PeerRows();
        // what a lost connection does to it is no matter of these rows
        Predicate<Peer> isMeasured = peer -> peer.isPossible() && peer != Peer.REDISSON_DEFAULT;
        peers.add("near hit", NearHitBenchmark.class, "get", isMeasured);
        peers.add("read of the shared tier", SharedReadBenchmark.class, "get", isMeasured.and(Peer::hasSharedTier));
        peers.add("put on two nodes", PutBenchmark.class, "put", isMeasured);
        return List.copyOf(peers.rows);
    }

    private void add(String thing, Class<?> benchmark, String method, Predicate<Peer> isMeasured) {
        Arrays.stream(Peer.values())
                .filter(isMeasured)
                .map(peer -> Row.of(Group.PEERS, thing, side(peer), benchmark, method, Map.of("peer", peer.name()))
                        .timed(Mode.AverageTime, TimeUnit.MICROSECONDS)
                        .settingUp(SET_UP_SECONDS))
                .forEach(rows::add);
    }

    private static Side side(Peer peer) {
        return new Side(peer.label(), peer.name().startsWith("G2CACHE"));
    }
}
