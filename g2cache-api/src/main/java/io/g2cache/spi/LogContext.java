package io.g2cache.spi;

import java.time.Duration;

/**
 * What a log is opened with.
 *
 * @param namespace separates the deployments that share a cluster
 * @param nodeId random id of this node
 * @param maximumRetention how long an entry can live: events younger than this, the fence window and a margin must be kept
 * @param fenceWindow how long a load may take and still be told from a newer event
 * @param maximumEventBytes largest encoded event: key and value limits and overhead
 * @param time time source
 */
public record LogContext(
        String namespace,
        String nodeId,
        Duration maximumRetention,
        Duration fenceWindow,
        int maximumEventBytes,
        TimeSource time) {}
