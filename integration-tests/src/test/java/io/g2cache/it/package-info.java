/** All modules together, on real brokers and real members. */
@NullMarked
package io.g2cache.it;

import org.jspecify.annotations.NullMarked;
