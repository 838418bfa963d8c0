/** Values that others cannot read, and keys that others cannot guess, in the log and the out tier. */
@NullMarked
package io.g2cache.crypto;

import org.jspecify.annotations.NullMarked;
