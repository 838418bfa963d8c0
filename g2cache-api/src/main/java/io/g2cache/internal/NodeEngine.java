package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.NodeStatus;
import io.g2cache.WriteQueueStatus;
import io.g2cache.WriteToken;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A running node: its open caches, and its end.
 *
 * <p>Concurrency: any thread; opening caches is guarded by this object's monitor, and is a call that closing waits for.
 */
final class NodeEngine implements G2Node {
    private final NodeParts parts;
    private final CacheOpener opener;
    private final Map<String, CacheEngine<?, ?>> caches;
    private final Map<String, EventApplier.Target> targets;
    private final @Nullable LogSide logSide;
    private final @Nullable EventApplier applier;
    private final Shutdown shutdown;

    NodeEngine(
            NodeParts parts,
            CacheOpener opener,
            ConcurrentHashMap<String, CacheEngine<?, ?>> caches,
            Map<String, EventApplier.Target> targets,
            @Nullable LogSide logSide,
            @Nullable EventApplier applier,
            Shutdown shutdown) {
        this.parts = parts;
        this.opener = opener;
        this.caches = caches;
        this.targets = targets;
        this.logSide = logSide;
        this.applier = applier;
        this.shutdown = shutdown;
    }

    @Override
    public String id() {
        return parts.nodeId();
    }

    @Override
    public synchronized <K, V> G2Cache<K, V> cache(CacheSpec<K, V> spec) {
        parts.lifecycle().enter();
        try {
            return opened(spec);
        } finally {
            parts.lifecycle().exit();
        }
    }

    @SuppressWarnings("unchecked")
    private <K, V> G2Cache<K, V> opened(CacheSpec<K, V> spec) {
        CacheEngine<?, ?> open = caches.get(spec.name());
        if (open != null) {
            if (open.spec() != spec) {
                throw new IllegalStateException(
                        "cache=" + spec.name() + " is open with another specification: " + open.spec());
            }
            return (G2Cache<K, V>) open;
        }
        CacheEngine<K, V> cache = opener.open(spec);
        targets.put(spec.name(), cache);
        caches.put(spec.name(), cache);
        boolean started = false;
        try {
            cache.start();
            started = true;
        } finally {
            if (!started) {
                targets.remove(spec.name());
                caches.remove(spec.name());
                cache.close();
            }
        }
        return cache;
    }

    @Override
    public Collection<G2Cache<?, ?>> caches() {
        return Collections.unmodifiableCollection(List.copyOf(caches.values()));
    }

    @Override
    public NodeStatus status() {
        NodeState state = parts.lifecycle().state();
        return logSide == null || applier == null
                ? new NodeStatus(state, 0, 0, 0)
                : new NodeStatus(state, logSide.lagEvents(), logSide.lagMillis(), applier.applied());
    }

    @Override
    public WriteQueueStatus writeQueue() {
        QueuedWrites queue = parts.queue();
        return queue == null ? WriteQueueStatus.NONE : queue.status();
    }

    @Override
    public void awaitToken(WriteToken token, Duration timeout) {
        parts.lifecycle().awaitToken(token, timeout);
    }

    @Override
    public void close(Duration timeout) {
        if (parts.lifecycle().close()) {
            shutdown.run(parts.lifecycle(), timeout);
        }
    }

    @Override
    public String toString() {
        return "G2Node[id=" + id() + ", state=" + parts.lifecycle().state() + ", caches=" + caches.keySet() + "]";
    }
}
