package io.g2cache.internal;

import io.g2cache.audit.AuditView;
import io.g2cache.audit.AuditedKey;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a node's tiers hold, in the generation that it is in at each call. Thread-safe. */
final class NodeAudit implements AuditView {
    private final Supplier<NodeLife> life;

    NodeAudit(Supplier<NodeLife> life) {
        this.life = life;
    }

    @Override
    public String generation() {
        return life.get().parts().sequencer().generation();
    }

    @Override
    public int partitions() {
        return life.get().parts().sequencer().partitions();
    }

    @Override
    public Collection<String> caches() {
        return new TreeSet<>(life.get().caches().keySet());
    }

    @Override
    public List<byte[]> sample(String cache, int most) {
        return audit(cache).sample(most).stream()
                .map(key -> key.bytes().clone())
                .toList();
    }

    @Override
    public byte[] publishedKey(String cache, byte[] key) {
        return audit(cache).publishedKey(key.clone());
    }

    @Override
    public CompletableFuture<AuditedKey> look(String cache, byte[] key) {
        CacheAudit<?, ?> audit = audit(cache);
        CompletableFuture<AuditedKey> seen = audit.look(audit.key(key.clone()));
        return audit.isSealed() ? seen.thenApply(AuditedKey::withoutHashes) : seen;
    }

    private CacheAudit<?, ?> audit(String cache) {
        CacheEngine<?, ?> engine = life.get().caches().get(cache);
        if (engine == null) {
            throw new IllegalArgumentException("cache=" + cache + " is not open");
        }
        return engine.audit();
    }
}
