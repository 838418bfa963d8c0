package io.g2cache.bench.peers;

/** Nodes that are cut off by the proxies of their parts. */
abstract class ProxiedNodes implements PeerNodes {
    private final Parts parts;

    /** The parts are closed with the nodes. */
    ProxiedNodes(Parts parts) {
        this.parts = parts;
    }

    /** Where whatever is started is to be remembered. */
    final Parts parts() {
        return parts;
    }

    @Override
    public final void cut() {
        parts.cut();
    }

    @Override
    public final void heal() {
        parts.heal();
    }

    @Override
    public final void close() {
        parts.close();
    }
}
