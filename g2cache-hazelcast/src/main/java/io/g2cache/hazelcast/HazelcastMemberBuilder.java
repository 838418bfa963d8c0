package io.g2cache.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import io.g2cache.TierException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Builds a {@link HazelcastOut} with a member inside this JVM. Members find each other by their listed addresses alone:
 * no multicast, no discovery. Every setter fails fast. Not thread-safe.
 */
public final class HazelcastMemberBuilder {
    private static final int MAX_PORT = 65535;

    private String clusterName = "g2cache";
    private String bindHost = "127.0.0.1";
    private int port = NetworkConfig.DEFAULT_PORT;
    private List<String> members = List.of();
    private OutOptions options = OutOptions.DEFAULTS;
    private final Map<String, OutOptions> byCache = new HashMap<>();
    private BreakerOptions breaker = BreakerOptions.DEFAULTS;
    private Consumer<Config> configure = config -> {};

    HazelcastMemberBuilder() {}

    /** Name of the cluster; members of other names are not joined. Default {@code g2cache}. */
    public HazelcastMemberBuilder clusterName(String value) {
        clusterName = Checks.notBlank("clusterName", value);
        return this;
    }

    /** The one address to listen on: a host name or IP address of this machine. Default 127.0.0.1. */
    public HazelcastMemberBuilder bindHost(String value) {
        bindHost = Checks.notBlank("bindHost", value);
        return this;
    }

    /** The port to listen on, 1 to 65535; taken or not at all. Default 5701. */
    public HazelcastMemberBuilder port(int value) {
        if (value < 1 || value > MAX_PORT) {
            throw new IllegalArgumentException("port=" + value + " must be 1 to " + MAX_PORT);
        }
        port = value;
        return this;
    }

    /** Addresses of the members to join, each {@code host:port}; this member's own may be among them. Default none. */
    public HazelcastMemberBuilder members(String... hostPorts) {
        members = Checks.hostPorts("members", hostPorts);
        return this;
    }

    /** Deadlines and sizes. Default {@link OutOptions#DEFAULTS}. */
    public HazelcastMemberBuilder options(OutOptions value) {
        options = value;
        return this;
    }

    /**
     * Deadlines and sizes of one cache, in the place of {@link #options(OutOptions)}. The threads are shared by all caches:
     * their number is taken from there.
     */
    public HazelcastMemberBuilder options(String cache, OutOptions value) {
        byCache.put(cache, value);
        return this;
    }

    /** When the tier is taken to be away. Default {@link BreakerOptions#DEFAULTS}. */
    public HazelcastMemberBuilder breaker(BreakerOptions value) {
        breaker = value;
        return this;
    }

    /** Has the last word on the member's configuration. The maps of caches are configured later, by name. */
    public HazelcastMemberBuilder configure(Consumer<Config> value) {
        configure = value;
        return this;
    }

    /**
     * Starts the member and joins the others. Blocks for some seconds; where a listed member hangs, for up to five minutes,
     * which Hazelcast's property {@code hazelcast.max.join.seconds} changes.
     *
     * @throws TierException if the member cannot start
     */
    public HazelcastOut build() {
        Config config = config();
        configure.accept(config);
        HazelcastInstance instance;
        try {
            instance = Hazelcast.newHazelcastInstance(config);
        } catch (HazelcastException | IllegalStateException refused) {
            throw new TierException(
                    "hazelcast member did not start: clusterName=" + clusterName + ", bindHost=" + bindHost + ", port="
                            + port,
                    refused);
        }
        return new HazelcastOut(instance, new TierSettings(options, byCache, breaker), true);
    }

    private Config config() {
        Config config = new Config()
                .setClusterName(clusterName)
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "10");
        NetworkConfig network = config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface(address(bindHost));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(members);
        return config;
    }

    private static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException unknown) {
            throw new TierException("bindHost=" + host + " is not known", unknown);
        }
    }
}
