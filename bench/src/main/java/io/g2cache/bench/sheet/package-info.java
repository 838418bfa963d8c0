/** Measurements that are no benchmark of JMH: whose, what, how much, and all that is needed to have them again. */
@NullMarked
package io.g2cache.bench.sheet;

import org.jspecify.annotations.NullMarked;
