package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What calls do while servers hang, die, or are not there yet; all with the default deadlines. Heartbeats are slow here, so
 * that nothing but our deadlines ends the calls to a server that hangs.
 */
class OutageIT {
    private static final int MORE_THAN_THREADS = 4 * OutOptions.DEFAULTS.callThreads();

    @Test
    void aClientOutlivesServersThatHangAndDie() {
        int[] ports = Ports.free(2);
        List<StockServer> servers = StockServer.cluster("outage", "", ports);
        try (HazelcastOut out = HazelcastOut.client()
                .clusterName("outage")
                .addresses(Ports.address(ports[0]), Ports.address(ports[1]))
                .configure(config -> config.setProperty("hazelcast.client.heartbeat.timeout", "60000"))
                .build()) {
            OutCache cache = Tier.open(out, "cache");
            Tier.eventually(() -> cache.apply(Tier.key("warm"), Entry.tombstone(1)));
            outlivesAHang(out, cache, servers.get(0).port(), servers.get(1), true);
            outlivesADeath(out, cache, servers.get(1));
        } finally {
            servers.forEach(StockServer::close);
        }
    }

    @Test
    void aMemberOutlivesMembersThatHangAndDie() {
        int[] ports = Ports.free(2);
        List<StockServer> servers = List.of();
        try (HazelcastOut out = HazelcastOut.member()
                .clusterName("outage-member")
                .port(ports[0])
                .members(Ports.address(ports[0]), Ports.address(ports[1]))
                .configure(config -> config.setProperty("hazelcast.max.no.heartbeat.seconds", "60"))
                .build()) {
            servers = StockServer.joining("outage-member", "", 2, new int[] {ports[1]}, ports);
            OutCache cache = Tier.open(out, "cache");
            Tier.eventually(() -> cache.apply(Tier.key("warm"), Entry.tombstone(1)));
            outlivesAHang(out, cache, ports[0], servers.get(0), false);
            outlivesADeath(out, cache, servers.get(0));
        } finally {
            servers.forEach(StockServer::close);
        }
    }

    private static void outlivesAHang(
            HazelcastOut out, OutCache cache, int healthyPort, StockServer server, boolean interruptible) {
        List<EncodedKey> hanging = Tier.keysAt(out.instance(), server.port(), MORE_THAN_THREADS);
        EncodedKey key = hanging.get(0);
        EncodedKey healthy = Tier.keysAt(out.instance(), healthyPort, 1).get(0);
        Tier.eventually(() -> cache.apply(key, Tier.value(5, "before")));
        server.freeze();
        try {
            List<CompletableFuture<?>> writes = new ArrayList<>();
            hanging.forEach(k -> writes.add(cache.apply(k, Entry.tombstone(6))));
            for (CompletableFuture<?> call : List.of(cache.read(key), cache.readAll(hanging), cache.lease(key))) {
                assertThat(Tier.failure(call)).isInstanceOf(TierException.class).hasMessageContaining("timeoutMillis=");
            }
            writes.forEach(write -> assertThat(Tier.failure(write)).isInstanceOf(TierException.class));
            assertThat(Tier.eventually(() -> cache.read(healthy)).kind()).isEqualTo(OutSlot.Kind.EMPTY);
            if (interruptible) {
                // served by the threads of the calls that were given up
                assertThat(Tier.eventually(() -> cache.readAll(List.of(healthy))))
                        .containsKey(healthy);
            }
            assertThat(out.counts().timedOut()).isGreaterThanOrEqualTo(3);
        } finally {
            server.thaw();
        }
        // a write that was given up may have taken effect since
        assertThat(Tier.eventually(() -> cache.read(key)).version()).isIn(5L, 6L);
        Tier.eventually(() -> cache.apply(key, Tier.value(7, "after")));
        assertThat(Tier.eventually(() -> cache.read(key)).version()).isEqualTo(7);
    }

    private static void outlivesADeath(HazelcastOut out, OutCache cache, StockServer server) {
        EncodedKey key = Tier.keysAt(out.instance(), server.port(), 1).get(0);
        Tier.eventually(() -> cache.apply(key, Tier.value(9, "kept")));
        server.kill();
        assertThat(Tier.eventually(() -> cache.read(key)).version()).isEqualTo(9);
        assertThat(Tier.eventually(() -> cache.apply(key, Entry.tombstone(10)))).isTrue();
    }

    @Test
    void aClientThatFindsNoServerFailsItsCallsUntilThereIsOne() {
        int port = Ports.free(1)[0];
        try (HazelcastOut out = HazelcastOut.client()
                .clusterName("late")
                .addresses(Ports.address(port))
                .build()) {
            OutCache cache = Tier.open(out, "cache");
            for (int run = 1; run <= 2; run++) {
                assertThat(Tier.failure(cache.read(Tier.key("a")))).isInstanceOf(TierException.class);
                assertThat(Tier.failure(cache.apply(Tier.key("a"), Entry.tombstone(1))))
                        .isInstanceOf(TierException.class);
                List<StockServer> servers = StockServer.cluster("late", "", port);
                assertThat(Tier.eventually(() -> cache.read(Tier.key("a"))).kind())
                        .isEqualTo(OutSlot.Kind.EMPTY);
                assertThat(Tier.eventually(() -> cache.apply(Tier.key("a"), Entry.tombstone(1))))
                        .as("run %d", run)
                        .isTrue();
                assertThat(MapProbe.run(out.instance().getMap("g2cache:it:cache:g1"), 3600))
                        .as("run %d", run)
                        .isEqualTo(MapProbe.Finding.AS_CONFIGURED);
                servers.forEach(StockServer::close);
            }
        }
    }
}
