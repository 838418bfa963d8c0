/** The shared tier on Hazelcast IMap, as an embedded member or as a client of stock servers. */
@NullMarked
package io.g2cache.hazelcast;

import org.jspecify.annotations.NullMarked;
