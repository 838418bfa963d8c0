package io.g2cache.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import io.g2cache.TierException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link HazelcastOut} that is a client of servers elsewhere; stock servers will do. It need not reach them yet,
 * and reconnects by itself for ever. Every setter fails fast. Not thread-safe.
 */
public final class HazelcastClientBuilder {
    private static final int CONNECTION_TIMEOUT_MILLIS = 1000;
    private static final int FIRST_RETRY_MILLIS = 100;
    private static final int LAST_RETRY_MILLIS = 2000;
    private static final double RETRY_FACTOR = 1.5;
    private static final double RETRY_JITTER = 0.2;
    private static final long FOR_EVER = -1;

    private String clusterName = "g2cache";
    private List<String> addresses = List.of("127.0.0.1:5701");
    private OutOptions options = OutOptions.DEFAULTS;
    private final Map<String, OutOptions> byCache = new HashMap<>();
    private BreakerOptions breaker = BreakerOptions.DEFAULTS;
    private @Nullable Duration required;
    private Consumer<ClientConfig> configure = config -> {};

    HazelcastClientBuilder() {}

    /** Name of the cluster, as its servers have it. Default {@code g2cache}; a stock server's own default is dev. */
    public HazelcastClientBuilder clusterName(String value) {
        clusterName = Checks.notBlank("clusterName", value);
        return this;
    }

    /** Addresses of some of the servers, each {@code host:port}; they tell of the others. Default 127.0.0.1:5701. */
    public HazelcastClientBuilder addresses(String... hostPorts) {
        if (hostPorts.length == 0) {
            throw new IllegalArgumentException("addresses=[] must name at least one server");
        }
        addresses = Checks.hostPorts("addresses", hostPorts);
        return this;
    }

    /** Deadlines and sizes. Default {@link OutOptions#DEFAULTS}. */
    public HazelcastClientBuilder options(OutOptions value) {
        options = value;
        return this;
    }

    /**
     * Deadlines and sizes of one cache, in the place of {@link #options(OutOptions)}. The threads are shared by all caches:
     * their number is taken from there.
     */
    public HazelcastClientBuilder options(String cache, OutOptions value) {
        byCache.put(cache, value);
        return this;
    }

    /** When the tier is taken to be away. Default {@link BreakerOptions#DEFAULTS}. */
    public HazelcastClientBuilder breaker(BreakerOptions value) {
        breaker = value;
        return this;
    }

    /**
     * Lets {@link #build} wait so long for the cluster, and fail if it is not there by then; 1 ms to 1 h. By default it does not
     * wait: until the cluster is there, the tier is away.
     */
    public HazelcastClientBuilder requireAtStart(Duration within) {
        Checks.inRange("requireAtStart", within, Duration.ofMillis(1), Duration.ofHours(1));
        required = within;
        return this;
    }

    /** Has the last word on the client's configuration. */
    public HazelcastClientBuilder configure(Consumer<ClientConfig> value) {
        configure = value;
        return this;
    }

    /**
     * Starts the client; it connects behind the caller's back. Blocks for as long as its classes take to load, and for the
     * cluster where that is required.
     *
     * @throws TierException if the client cannot start, or the required cluster is not there in time
     */
    public HazelcastOut build() {
        ClientConfig config = config();
        configure.accept(config);
        CountDownLatch connected = new CountDownLatch(1);
        config.addListenerConfig(new ListenerConfig((LifecycleListener) event -> {
            if (event.getState() == LifecycleState.CLIENT_CONNECTED) {
                connected.countDown();
            }
        }));
        HazelcastInstance instance;
        try {
            instance = HazelcastClient.newHazelcastClient(config);
        } catch (HazelcastException | IllegalStateException refused) {
            throw new TierException(
                    "hazelcast client did not start: clusterName=" + clusterName + ", addresses=" + addresses, refused);
        }
        await(connected, instance);
        return new HazelcastOut(instance, new TierSettings(options, byCache, breaker), true);
    }

    private void await(CountDownLatch connected, HazelcastInstance instance) {
        Duration longest = required;
        if (longest == null) {
            return;
        }
        boolean isThere = false;
        try {
            isThere = connected.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!isThere) {
            InstanceShutdown.run(instance);
            throw new TierException("hazelcast cluster is not there: clusterName=" + clusterName + ", addresses="
                    + addresses + ", requireAtStart=" + longest);
        }
    }

    private ClientConfig config() {
        ClientConfig config = new ClientConfig()
                .setClusterName(clusterName)
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.client.heartbeat.interval", "1000")
                .setProperty("hazelcast.client.heartbeat.timeout", "5000")
                .setProperty("hazelcast.client.invocation.timeout.seconds", "1")
                .setProperty("hazelcast.client.operation.backup.timeout.millis", "1000")
                .setProperty("hazelcast.client.max.concurrent.invocations", "4096");
        config.getNetworkConfig()
                .setAddresses(addresses)
                .setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS)
                .setRedoOperation(true)
                .getAutoDetectionConfig()
                .setEnabled(false);
        config.getConnectionStrategyConfig()
                .setAsyncStart(true)
                .setReconnectMode(ReconnectMode.ASYNC)
                .getConnectionRetryConfig()
                .setInitialBackoffMillis(FIRST_RETRY_MILLIS)
                .setMaxBackoffMillis(LAST_RETRY_MILLIS)
                .setMultiplier(RETRY_FACTOR)
                .setJitter(RETRY_JITTER)
                .setClusterConnectTimeoutMillis(FOR_EVER);
        return config;
    }
}
