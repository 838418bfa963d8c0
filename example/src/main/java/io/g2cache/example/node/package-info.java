/** One node of the example: a cache, load on it, and HTTP. */
@NullMarked
package io.g2cache.example.node;

import org.jspecify.annotations.NullMarked;
