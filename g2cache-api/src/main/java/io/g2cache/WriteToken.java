package io.g2cache;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Proof of a write: the generation of the log, and for each partition written the offset of the newest event. Another
 * node that is given the token can wait until it has applied that write. Immutable and thread-safe.
 *
 * <p>A token {@link #isQueued()} where the write, or part of it, waits in the node's queue because the log was away. It proves
 * only what was written, and waiting for it is refused.
 *
 * <p>The text form is {@code g1.GENERATION.PARTITION-OFFSET_PARTITION-OFFSET…}, ASCII and safe in HTTP headers and URLs; that
 * of a queued write begins with {@code q1}.
 */
public final class WriteToken {
    private static final int MAXIMUM_TEXT = 1 << 16;
    private static final Pattern TEXT = Pattern.compile("([gq])1\\.([A-Za-z0-9_-]{1,128})\\.([0-9_-]*)");
    private static final Pattern OFFSET = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

    private final String generation;
    private final SortedMap<Integer, Long> offsets;
    private final boolean queued;

    private WriteToken(String generation, SortedMap<Integer, Long> offsets, boolean queued) {
        this.generation = generation;
        this.offsets = offsets;
        this.queued = queued;
    }

    /** A token for the given offsets by partition, which are copied. */
    public static WriteToken of(String generation, Map<Integer, Long> offsets) {
        return new WriteToken(generation, new TreeMap<>(offsets), false);
    }

    /** A token of a write that waits in the queue of its node, but for what has the given offsets. */
    public static WriteToken queued(String generation, Map<Integer, Long> offsets) {
        return new WriteToken(generation, new TreeMap<>(offsets), true);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is not a token
     */
    public static WriteToken parse(String text) {
        Matcher whole = TEXT.matcher(text);
        if (text.length() > MAXIMUM_TEXT || !whole.matches()) {
            throw malformed(text);
        }
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        if (!whole.group(3).isEmpty()) {
            for (String part : whole.group(3).split("_", -1)) {
                Matcher offset = OFFSET.matcher(part);
                if (!offset.matches()) {
                    throw malformed(text);
                }
                offsets.put(Integer.parseInt(offset.group(1)), Long.parseLong(offset.group(2)));
            }
        }
        return new WriteToken(whole.group(2), offsets, whole.group(1).equals("q"));
    }

    private static IllegalArgumentException malformed(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return new IllegalArgumentException("not a write token: '" + shown + "', length=" + text.length());
    }

    /** The generation of the log. */
    public String generation() {
        return generation;
    }

    /** The newest offset in each partition written; unmodifiable. */
    public Map<Integer, Long> offsets() {
        return java.util.Collections.unmodifiableSortedMap(offsets);
    }

    /**
     * Whether the write, or a part of it, is not in the log yet: it waits in the queue of the node that it was made on, and
     * will become an invalidation, whatever it was.
     */
    public boolean isQueued() {
        return queued;
    }

    /**
     * A token that covers both writes; queued if one of them is.
     *
     * @throws IllegalArgumentException if the generations differ
     */
    public WriteToken and(WriteToken other) {
        if (!generation.equals(other.generation)) {
            throw new IllegalArgumentException(
                    "tokens of two generations: '" + generation + "' and '" + other.generation + "'");
        }
        SortedMap<Integer, Long> both = new TreeMap<>(offsets);
        other.offsets.forEach((partition, offset) -> both.merge(partition, offset, Math::max));
        return new WriteToken(generation, both, queued || other.queued);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WriteToken that
                && queued == that.queued
                && generation.equals(that.generation)
                && offsets.equals(that.offsets);
    }

    @Override
    public int hashCode() {
        return 31 * generation.hashCode() + offsets.hashCode();
    }

    /** The text form. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(queued ? "q1." : "g1.").append(generation).append('.');
        String separator = "";
        for (Map.Entry<Integer, Long> offset : offsets.entrySet()) {
            text.append(separator).append(offset.getKey()).append('-').append(offset.getValue());
            separator = "_";
        }
        return text.toString();
    }
}
