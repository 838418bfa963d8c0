package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutSlot;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An out tier that gets sealed values only, and from which only what opens is taken: anything else looks like the tombstone of
 * its version, which the next fill replaces. The materialiser does without: the log's values are sealed already. Thread-safe.
 */
final class SealedOutCache implements OutCache {
    private final OutCache out;
    private final Seals seals;

    SealedOutCache(OutCache out, Seals seals) {
        this.out = out;
        this.seals = seals;
    }

    private OutSlot opened(EncodedKey key, OutSlot slot) {
        Entry entry = slot.entry();
        return entry == null ? slot : slot.withEntry(seals.open(key, entry));
    }

    @Override
    public CompletableFuture<OutSlot> read(EncodedKey key) {
        return out.read(key).thenApply(slot -> opened(key, slot));
    }

    @Override
    public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
        return out.readAll(keys).thenApply(slots -> {
            Map<EncodedKey, OutSlot> opened = new HashMap<>();
            slots.forEach((key, slot) -> opened.put(key, opened(key, slot)));
            return opened;
        });
    }

    @Override
    public CompletableFuture<OutSlot> lease(EncodedKey key) {
        return out.lease(key).thenApply(slot -> opened(key, slot));
    }

    @Override
    public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
        return out.fill(key, lease, seals.seal(key, entry));
    }

    @Override
    public CompletableFuture<Boolean> apply(EncodedKey key, Entry entry) {
        return out.apply(key, seals.seal(key, entry));
    }

    @Override
    public CompletableFuture<Boolean> applyEarly(EncodedKey key, Entry entry) {
        return out.applyEarly(key, seals.seal(key, entry));
    }

    @Override
    public CompletableFuture<Boolean> confirm(EncodedKey key, OutSlot slot) {
        throw new UnsupportedOperationException("the materialiser works with the tier itself");
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> floors() {
        return out.floors();
    }

    @Override
    public CompletableFuture<Void> raiseFloor(int number, long version) {
        return out.raiseFloor(number, version);
    }

    @Override
    public void close() {
        out.close();
    }
}
