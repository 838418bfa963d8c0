package io.g2cache.kafka.cli;

import io.g2cache.spi.TimeSource;
import java.io.PrintWriter;

/**
 * What a command runs in.
 *
 * @param out for results
 * @param err for messages and progress
 * @param time time source
 * @param terminal whether {@code err} is a terminal, where a progress bar can be drawn
 * @param stop ends a command that reads
 */
record Session(PrintWriter out, PrintWriter err, TimeSource time, boolean terminal, Stop stop) {}
