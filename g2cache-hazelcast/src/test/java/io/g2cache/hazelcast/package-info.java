/** Tests of the shared tier on Hazelcast. */
@NullMarked
package io.g2cache.hazelcast;

import org.jspecify.annotations.NullMarked;
