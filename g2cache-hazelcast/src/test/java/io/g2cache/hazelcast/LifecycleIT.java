package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What starting and closing a tier does to its member or client, its threads and its calls. */
class LifecycleIT {
    private static int port;
    private static HazelcastOut member;

    @BeforeAll
    static void start() {
        port = Ports.free(1)[0];
        member = HazelcastOut.member()
                .clusterName("life")
                .port(port)
                .options(Tier.PATIENT)
                .configure(config -> config.setProperty("configured.by", "the user"))
                .build();
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static HazelcastOut client() {
        return HazelcastOut.client()
                .clusterName("life")
                .addresses(Ports.address(port))
                .options(Tier.PATIENT)
                .configure(config -> config.setInstanceName("mine"))
                .build();
    }

    @Test
    void aMemberListensOnItsOneAddressAndCallsNobody() throws Exception {
        assertThat(member.instance().getConfig().getProperty("hazelcast.phone.home.enabled"))
                .isEqualTo("false");
        assertThat(member.instance().getConfig().getProperty("configured.by")).isEqualTo("the user");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
        }
        // another address of the same interface, which a socket bound to all addresses would answer on
        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress("127.0.0.2", port), 2_000);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aPortInUseIsRefused() {
        assertThatThrownBy(() -> HazelcastOut.member().port(port).build())
                .isInstanceOf(TierException.class)
                .hasMessageContaining("port=" + port);
    }

    @Test
    void closingEndsTheClientAndItsThreadsAndFailsItsCalls() {
        HazelcastOut out = client();
        assertThat(out.instance().getName()).isEqualTo("mine");
        OutCache cache = Tier.open(out, "closing");
        OutCache closedAlone = Tier.open(out, "closed-alone");
        assertThat(Tier.eventually(() -> cache.apply(Tier.key("a"), Entry.tombstone(1))))
                .isTrue();
        closedAlone.close();
        assertThat(Tier.failure(closedAlone.read(Tier.key("a")))).hasMessageContaining("closed");
        assertThat(Tier.get(cache.read(Tier.key("a"))).version()).isEqualTo(1);
        out.close();
        out.close();
        assertThat(out.instance().getLifecycleService().isRunning()).isFalse();
        assertThat(Tier.failure(cache.read(Tier.key("a"))))
                .isInstanceOf(TierException.class)
                .hasMessageContaining("closed");
        assertThat(Tier.failure(cache.apply(Tier.key("a"), Entry.tombstone(2)))).isInstanceOf(TierException.class);
        assertThatThrownBy(() -> Tier.open(out, "late")).isInstanceOf(TierException.class);
    }

    @Test
    void closingLeavesAGivenInstanceAloneAndNoThread() {
        try (HazelcastOut owner = client()) {
            long before = ourThreads();
            HazelcastOut out = HazelcastOut.using(owner.instance());
            OutCache cache = Tier.open(out, "using");
            Tier.eventually(() -> cache.apply(Tier.key("a"), Entry.tombstone(1)));
            assertThat(ourThreads()).isGreaterThan(before);
            out.close();
            assertThat(owner.instance().getLifecycleService().isRunning()).isTrue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(ourThreads()).isLessThanOrEqualTo(before));
        }
    }

    private static long ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("g2cache-hazelcast-"))
                .count();
    }
}
