/** The off-heap local tier: Chronicle Map. {@link io.g2cache.chronicle.ChronicleLocal} is all a user types. */
@NullMarked
package io.g2cache.chronicle;

import org.jspecify.annotations.NullMarked;
