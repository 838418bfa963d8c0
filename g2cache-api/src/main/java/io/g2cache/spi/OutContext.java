package io.g2cache.spi;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What an out tier is opened with.
 *
 * @param namespace separates the deployments that share a cluster
 * @param cache name of the cache
 * @param generation generation of the log; another generation must see none of the old entries
 * @param garbageAfter how long after its last write an entry may be dropped as garbage
 * @param executor where futures complete; its tasks are short
 * @param time time source
 */
public record OutContext(
        String namespace, String cache, String generation, Duration garbageAfter, Executor executor, TimeSource time) {}
