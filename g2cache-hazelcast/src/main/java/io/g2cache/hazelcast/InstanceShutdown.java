package io.g2cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts a member or client down in bounded time: a graceful shutdown hands its data to other members, and waits for them
 * even when they hang.
 */
final class InstanceShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceShutdown.class);
    private static final long GRACEFUL_MILLIS = TimeUnit.SECONDS.toMillis(20);
    private static final long FORCED_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private InstanceShutdown() {}

    /** Blocks until the instance is down, at most half a minute. */
    static void run(HazelcastInstance instance) {
        if (await("shutdown", instance::shutdown, GRACEFUL_MILLIS)) {
            return;
        }
        LOG.warn(
                "hazelcast instance={} did not shut down within millis={}: terminating it",
                instance.getName(),
                GRACEFUL_MILLIS);
        if (!await("terminate", instance.getLifecycleService()::terminate, FORCED_MILLIS)) {
            LOG.error("hazelcast instance={} did not end within millis={} either", instance.getName(), FORCED_MILLIS);
        }
    }

    private static boolean await(String what, Runnable step, long millis) {
        Thread thread = new Thread(step, "g2cache-hazelcast-" + what);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, error) -> LOG.error("hazelcast {} failed", what, error));
        thread.start();
        try {
            thread.join(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !thread.isAlive();
    }
}
