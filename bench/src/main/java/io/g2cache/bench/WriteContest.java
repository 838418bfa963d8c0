package io.g2cache.bench;

import io.g2cache.PublishMode;

/** A write of the node beside the log append and the out tier's write that it consists of. */
final class WriteContest implements Contest {
    /** The kinds of write. */
    enum Kind {
        /** A put that tells the others to drop the key. */
        PUT,
        /** A put that tells the others the value. */
        PUBLISH,
        /** An invalidation. */
        INVALIDATE
    }

    private final Kind kind;
    private final Deployment deployment = new Deployment();
    private final FullNode node;
    private final RawParts parts = new RawParts(deployment);
    private final RoundRobin ourKeys = new RoundRobin(FullNode.ENTRIES);
    private final RoundRobin peersKeys = new RoundRobin(FullNode.ENTRIES);

    WriteContest(Kind kind) {
        this.kind = kind;
        this.node = new FullNode(deployment, kind == Kind.PUBLISH ? PublishMode.VALUE : PublishMode.INVALIDATE);
    }

    @Override
    public long ours(long steps) {
        long written = 0;
        for (long i = 0; i < steps; i++) {
            String key = ourKeys.next();
            var token = kind == Kind.INVALIDATE ? node.invalidate(key) : node.put(key, ourKeys.value());
            written += token.offsets().size();
        }
        return written;
    }

    @Override
    public long peers(long steps) throws Exception {
        long written = 0;
        for (long i = 0; i < steps; i++) {
            String key = peersKeys.next();
            boolean stored = switch (kind) {
                case PUT -> parts.put(key, peersKeys.value());
                case PUBLISH -> parts.publish(key, peersKeys.value());
                case INVALIDATE -> parts.invalidate(key);
            };
            written += stored ? 1 : 0;
        }
        return written;
    }

    @Override
    public void close() {
        parts.close();
        node.close();
        deployment.close();
    }
}
