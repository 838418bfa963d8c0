package io.g2cache.testkit.kafka;

import java.util.List;

/**
 * What the JVM of a broker loads its classes from. Immutable.
 *
 * @param classpath class path, the launcher first
 * @param flags flags of the JVM about an archive of classes; may be empty
 */
record BrokerClasses(String classpath, List<String> flags) {
    BrokerClasses {
        flags = List.copyOf(flags);
    }
}
