package io.g2cache.audit;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A look at what a node's tiers hold, past all checks: for auditors, not for services. Changes nothing, but that a tier may
 * take a look for a use when it decides what to evict. Thread-safe; nothing blocks but short locks of the local tier. The
 * caller's thread runs the cache's codecs: a look decodes and encodes the local tier's value, a sample of an on-heap tier
 * encodes keys.
 */
public interface AuditView {
    /** Generation of the log that the node is in; versions of two generations are never compared. */
    String generation();

    /** Partition count of the log; 1 without one. */
    int partitions();

    /** Names of the open caches. */
    Collection<String> caches();

    /**
     * Keys of some entries of the local tier, as the tiers know them; calls go round all of them. A key that its codec fails to
     * encode is left out.
     *
     * @throws IllegalArgumentException if the cache is not open
     */
    List<byte[]> sample(String cache, int most);

    /**
     * By what the tiers and the log know an encoded key: the same bytes, or their hash where the cache hashes its keys.
     *
     * @throws IllegalArgumentException if the cache is not open
     */
    byte[] publishedKey(String cache, byte[] key);

    /**
     * What the node holds for a key, given as the tiers know it. Values of a cache with encryption have no hash here, as it
     * would let a value of few possibilities be guessed. Completes within the out tier's own deadline, and never exceptionally because
     * of that tier.
     *
     * @throws IllegalArgumentException if the cache is not open
     */
    CompletableFuture<AuditedKey> look(String cache, byte[] key);
}
