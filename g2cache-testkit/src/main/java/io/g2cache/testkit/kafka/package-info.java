/** A real Kafka broker for tests and demonstrations, as a child process or in a container. */
@NullMarked
package io.g2cache.testkit.kafka;

import org.jspecify.annotations.NullMarked;
