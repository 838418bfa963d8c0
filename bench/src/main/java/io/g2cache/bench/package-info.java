/** Measures what a use of the cache costs, beside the libraries underneath and in the same run. */
@NullMarked
package io.g2cache.bench;

import org.jspecify.annotations.NullMarked;
