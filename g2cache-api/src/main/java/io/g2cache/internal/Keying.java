package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.spi.Codec;
import java.util.function.UnaryOperator;

/**
 * By what the tiers and the log know the keys and tags of a cache.
 *
 * @param codec codec of the keys, as a local tier uses it
 * @param keys gives what they see of an encoded key
 * @param tags gives what they see of a tag
 */
record Keying<K>(Codec<K> codec, UnaryOperator<byte[]> keys, UnaryOperator<String> tags) {
    static <K> Keying<K> of(CacheSpec<K, ?> spec) {
        KeyHasher hasher = spec.keyHasher();
        String cache = spec.name();
        return hasher == null
                ? new Keying<>(spec.keyCodec(), UnaryOperator.identity(), UnaryOperator.identity())
                : new Keying<>(hasher.codec(cache, spec.keyCodec()), hasher.keys(cache), tag -> hasher.tag(cache, tag));
    }
}
