/** The files of the queue for writes that wait for the log; the format is described at {@code RecordFormat}. */
@NullMarked
package io.g2cache.internal.queue;

import org.jspecify.annotations.NullMarked;
