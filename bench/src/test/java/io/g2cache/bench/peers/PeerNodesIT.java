package io.g2cache.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every peer that is possible here, for minutes: a write is seen on the other node, and a cut and its end are survived. */
@Tag("nightly")
class PeerNodesIT {
    private static final int ENTRIES = 1_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    @ParameterizedTest
    @EnumSource(Peer.class)
    @Timeout(120)
    void aWriteIsSeenBeforeAndAfterACut(Peer peer) throws Exception {
        assumeTrue(peer.isPossible(), "redis-server is not installed");
        try (PeerNodes nodes = peer.open(ENTRIES)) {
            nodes.put(Values.key(1), Values.of(1));
            awaitSeen(nodes, 1, 1);
            if (peer.tellsOthers()) {
                nodes.put(Values.key(1), Values.of(2));
                awaitSeen(nodes, 1, 2);
            }
            nodes.cut();
            nodes.put(Values.key(2), Values.of(3));
            nodes.heal();
            // the two halves of a split cluster join again after minutes
            if (peer != Peer.HAZELCAST_MEMBER) {
                awaitSeen(nodes, 2, 3);
            }
        }
    }

    private static void awaitSeen(PeerNodes nodes, int key, long number) {
        long seen = -1;
        Exception last = null;
        for (long start = System.nanoTime(); seen != number && System.nanoTime() - start < LIMIT_NANOS; ) {
            try {
                seen = Values.number(nodes.get(Values.key(key)));
            } catch (Exception e) {
                last = e;
            }
        }
        assertThat(seen).as("number seen, last failure=%s", last).isEqualTo(number);
    }
}
