package io.g2cache.bench.peers;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Two nodes whose near caches hold every key. */
@State(Scope.Benchmark)
public class HeldState extends PeerState {
    private static final int KEYS = 1_000;
    private static final int NEAR_ENTRIES = 4_000;

    /** What is measured. */
    @Param
    public Peer peer = Peer.G2CACHE;

    /** Creates the state. */
    public HeldState() {
        super(KEYS, NEAR_ENTRIES);
    }

    @Override
    Peer peer() {
        return peer;
    }
}
