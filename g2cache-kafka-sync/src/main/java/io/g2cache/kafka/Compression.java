package io.g2cache.kafka;

/** How the producer compresses batches of events; readers take any of them. */
public enum Compression {
    /** Not at all. */
    NONE("none"),
    /** LZ4: quick, for values that are large and repetitive. */
    LZ4("lz4"),
    /** Zstandard: smaller, and dearer to the writer. */
    ZSTD("zstd");

    private final String type;

    Compression(String type) {
        this.type = type;
    }

    /** Kafka's name of it. */
    String type() {
        return type;
    }
}
