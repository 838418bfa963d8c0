/** The engine of one node, tested through the public API over the reference tiers. */
@NullMarked
package io.g2cache.testkit.engine;

import org.jspecify.annotations.NullMarked;
