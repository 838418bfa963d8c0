/** What an implementer of a tier, a log or a codec types. Knows no adapter and nothing of the engine's inside. */
@NullMarked
package io.g2cache.spi;

import org.jspecify.annotations.NullMarked;
