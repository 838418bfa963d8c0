package io.g2cache.internal;

import io.g2cache.InvalidTagException;
import io.g2cache.Tagger;
import io.g2cache.spi.Tags;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns a user's tags into hashes, and refuses those beyond the limits. Thread-safe. */
final class TagHashes<K, V> {
    private static final long[] NONE = {};

    private final @Nullable Tagger<? super K, ? super V> tagger;
    private final UnaryOperator<String> published;

    /**
     * Hashes of tags.
     *
     * @param published gives the text that others see of a tag
     */
    TagHashes(@Nullable Tagger<? super K, ? super V> tagger, UnaryOperator<String> published) {
        this.tagger = tagger;
        this.published = published;
    }

    /** The hashes of an entry's tags, each once. Throws {@link InvalidTagException}, and whatever the tagger throws. */
    long[] of(K key, V value) {
        if (tagger == null) {
            return NONE;
        }
        Collection<String> tags = requireTags(tagger.tags(key, value));
        long[] hashes = tags.stream()
                .mapToLong(tag -> Tags.hash(published(tag)))
                .distinct()
                .toArray();
        if (hashes.length > Tags.MOST_PER_ENTRY) {
            throw new InvalidTagException(
                    "the value has tags=" + hashes.length + ", which exceeds the limit of " + Tags.MOST_PER_ENTRY);
        }
        return hashes;
    }

    private static Collection<String> requireTags(@Nullable Collection<String> tags) {
        if (tags == null) {
            throw new InvalidTagException("the tagger gave null");
        }
        return tags;
    }

    /** What others see of a tag. Throws {@link InvalidTagException}. */
    String published(@Nullable String tag) {
        if (tag == null) {
            throw new InvalidTagException("the tag is null");
        }
        int bytes = tag.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > Tags.MOST_BYTES) {
            throw new InvalidTagException(
                    "the tag has bytes=" + bytes + ", which must be from 1 to " + Tags.MOST_BYTES);
        }
        return published.apply(tag);
    }
}
