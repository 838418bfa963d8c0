/** The g2cache API, its service provider interface, and the engine. */
module io.g2cache {
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires com.github.benmanes.caffeine;
    requires static com.fasterxml.jackson.databind;
    requires static org.apache.avro;

    exports io.g2cache;
    exports io.g2cache.audit;
    exports io.g2cache.codec;
    exports io.g2cache.crypto;
    exports io.g2cache.spi;
}
