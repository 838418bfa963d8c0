/** What a user types: the node, its caches, their specification, and the exceptions they throw. */
@NullMarked
package io.g2cache;

import org.jspecify.annotations.NullMarked;
