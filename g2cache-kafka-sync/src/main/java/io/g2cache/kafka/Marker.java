package io.g2cache.kafka;

/**
 * A record about the topic itself, in partition 0.
 *
 * @param kind what it says
 * @param partitions partition count
 * @param truncations of a {@link Kind#PIN}, how often the topic was found to have lost its end
 */
record Marker(Kind kind, int partitions, int truncations) {
    /** Whether a node can have written it: a topic never has fewer partitions than it had. */
    boolean isPossible(int partitionsNow) {
        return partitions >= 1 && partitions <= partitionsNow;
    }

    /** The kinds of marker; names are symbols of the schema. */
    enum Kind {
        /** A node has seen this partition count and found no pin: the first claim in the log decides. */
        CLAIM,
        /** The partition count is decided. */
        PIN
    }
}
