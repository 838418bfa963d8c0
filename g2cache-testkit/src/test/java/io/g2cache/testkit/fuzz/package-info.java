/** The decoders of g2cache-api under damaged bytes. */
@NullMarked
package io.g2cache.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
