/** The engine. Not exported; only the node builder in {@code io.g2cache} may know it. */
@NullMarked
package io.g2cache.internal;

import org.jspecify.annotations.NullMarked;
