/** The log as a compacted Kafka topic. {@link io.g2cache.kafka.KafkaSync} is the way in. */
@NullMarked
package io.g2cache.kafka;

import org.jspecify.annotations.NullMarked;
