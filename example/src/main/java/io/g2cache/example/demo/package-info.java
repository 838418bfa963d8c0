/** Starts broker, database and nodes, and shows what the cache promises. */
@NullMarked
package io.g2cache.example.demo;

import org.jspecify.annotations.NullMarked;
