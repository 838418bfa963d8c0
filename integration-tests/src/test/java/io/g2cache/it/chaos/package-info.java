/** Nodes, brokers and members that are killed, stopped and cut off at work, and a check of what their clients have seen. */
@NullMarked
package io.g2cache.it.chaos;

import org.jspecify.annotations.NullMarked;
