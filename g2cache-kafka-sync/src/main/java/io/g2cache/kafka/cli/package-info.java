/** The command line {@code bin/g2cache log}: looks at a log from outside. Needs picocli, which a service does not get. */
@NullMarked
package io.g2cache.kafka.cli;

import org.jspecify.annotations.NullMarked;
