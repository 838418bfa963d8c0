package io.g2cache.bench.peers;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Two nodes of a peer for a benchmark; the writing node has put every key. */
@State(Scope.Benchmark)
public abstract class PeerState {
    /** Coprime to the numbers of keys, so that each key is read as often as any other, far from the one before. */
    private static final int STRIDE = 1009;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int keys;
    private final int nearEntries;
    private final String[] names;
    private @Nullable PeerNodes nodes;
    private int next;
    private long number;

    /**
     * A state.
     *
     * @param keys how many keys there are
     * @param nearEntries how many entries a near cache may hold
     */
    PeerState(int keys, int nearEntries) {
        this.keys = keys;
        this.nearEntries = nearEntries;
        this.names = new String[keys];
        for (int i = 0; i < keys; i++) {
            names[i] = Values.key(i);
        }
    }

    /** What is measured. */
    abstract Peer peer();

    /** Opens and fills; every key is then read until it is there. */
    @Setup(Level.Trial)
    public void open() throws Exception {
        PeerNodes opened = peer().open(nearEntries);
        nodes = opened;
        for (String name : names) {
            opened.put(name, Values.of(0));
        }
        for (String name : names) {
            awaitSeen(opened, name);
        }
    }

    private static void awaitSeen(PeerNodes nodes, String key) throws Exception {
        for (long start = System.nanoTime(); nodes.get(key) == null; ) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new IllegalStateException("the reader does not see key=" + key);
            }
        }
    }

    /** Ends the nodes and their shared parts. */
    @TearDown(Level.Trial)
    public void close() {
        PeerNodes opened = nodes;
        if (opened != null) {
            opened.close();
        }
    }

    /** The next key, in a fixed order. For one thread. */
    String nextKey() {
        next = (next + STRIDE) % keys;
        return names[next];
    }

    /** A new value. */
    byte[] nextValue() {
        return Values.of(++number);
    }

    /** The nodes. */
    PeerNodes nodes() {
        return Objects.requireNonNull(nodes, "nodes");
    }
}
