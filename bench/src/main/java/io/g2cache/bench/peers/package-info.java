/** The distributed peers beside us: what a read and a write cost, how soon others see a write, and what a lost connection does. */
@NullMarked
package io.g2cache.bench.peers;

import org.jspecify.annotations.NullMarked;
