/** The benchmark suite: named rows of ours beside those of peers, run in turns, merged, and reported with their ratios. */
@NullMarked
package io.g2cache.bench.suite;

import org.jspecify.annotations.NullMarked;
