package io.g2cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.g2cache.TierException;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutLedger;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The out tier on Hazelcast: shared between nodes in one IMap for each cache. Its members may be the nodes themselves
 * ({@link #member()}) or stock servers that know nothing of g2cache ({@link #client()}).
 *
 * <p>Every write is a compare-and-set on the exact bytes that were read, so that whatever arrives late, twice or out of
 * order changes nothing. Every call ends by its own deadline, with a {@link TierException} if need be. A client that is
 * not connected fails its calls until it is. Where calls fail again and again, or are slow, a circuit breaker lets caches do
 * without the tier until a probe has found it back ({@link BreakerOptions}); the materialiser and the ledger call it all the
 * same.
 *
 * <p>On machines with one or two processors, start the JVM with
 * {@code -Djava.util.concurrent.ForkJoinPool.common.parallelism=2}: otherwise Hazelcast may start a thread for each
 * completion. Community edition has no TLS and no authentication: bind it to a network that you trust.
 *
 * <p>Thread-safe: the set of open caches is concurrent, all else is immutable or atomic.
 */
public final class HazelcastOut implements OutCacheProvider {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastOut.class);
    private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(10);

    private final HazelcastInstance instance;
    private final TierSettings settings;
    private final OutOptions options;
    private final Breaker breaker;
    private final boolean owned;
    private final Calls calls;
    private final Set<CacheMaps> open = ConcurrentHashMap.newKeySet();
    private final UUID listener;
    private final AtomicBoolean closed = new AtomicBoolean();

    HazelcastOut(HazelcastInstance instance, TierSettings settings, boolean owned) {
        this.instance = instance;
        this.settings = settings;
        this.options = settings.options();
        this.breaker = new Breaker(settings.breaker(), "hazelcast instance=" + instance.getName());
        this.owned = owned;
        this.calls = new Calls(options.callThreads());
        this.listener = instance.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.CLIENT_DISCONNECTED) {
                open.forEach(CacheMaps::forget);
            }
        });
    }

    /** Builds a tier whose data lies in this JVM and those it joins. */
    public static HazelcastMemberBuilder member() {
        return new HazelcastMemberBuilder();
    }

    /** Builds a tier whose data lies in servers elsewhere. */
    public static HazelcastClientBuilder client() {
        return new HazelcastClientBuilder();
    }

    /** Uses a member or client that somebody else has started, with the default options. It is not closed with the tier. */
    public static HazelcastOut using(HazelcastInstance instance) {
        return using(instance, OutOptions.DEFAULTS);
    }

    /** Uses a member or client that somebody else has started. It is not closed with the tier. */
    public static HazelcastOut using(HazelcastInstance instance, OutOptions options) {
        return using(instance, options, BreakerOptions.DEFAULTS);
    }

    /** Uses a member or client that somebody else has started. It is not closed with the tier. */
    public static HazelcastOut using(HazelcastInstance instance, OutOptions options, BreakerOptions breaker) {
        return new HazelcastOut(instance, new TierSettings(options, Map.of(), breaker), false);
    }

    @Override
    public String name() {
        return "hazelcast";
    }

    /** The member or client in use, for what only Hazelcast itself can tell. */
    public HazelcastInstance instance() {
        return instance;
    }

    /** Whether the tier is taken to be away, and what that has refused. Does not block. */
    public BreakerStatus breaker() {
        return breaker.status();
    }

    @Override
    public boolean isAway() {
        return breaker.isAway();
    }

    /** How calls have failed so far. Does not block. */
    public CallCounts counts() {
        return calls.counts();
    }

    /**
     * Opens the maps of a cache, and begins to connect to them. Does not block.
     *
     * @throws TierException if this provider is closed
     */
    @Override
    public OutCache open(OutContext context) {
        if (closed.get()) {
            throw new TierException("hazelcast is closed, cache=" + context.cache());
        }
        OutOptions its = settings.of(context.cache());
        CacheMaps maps = CacheMaps.of(instance, calls, its, context);
        open.add(maps);
        var unused = maps.connect();
        return new HazelcastOutCache(maps, calls, its, context, breaker, () -> open.remove(maps));
    }

    /**
     * Opens the maps of the ledger, and begins to watch the cluster. Does not block.
     *
     * @throws TierException if this provider is closed
     */
    @Override
    public OutLedger ledger(OutContext context, OutDoubts doubts) {
        if (closed.get()) {
            throw new TierException("hazelcast is closed, ledger of namespace=" + context.namespace());
        }
        CacheMaps maps = CacheMaps.ofLedger(instance, calls, options, context);
        open.add(maps);
        ClusterWatch watch =
                new ClusterWatch(instance, doubts, context.time(), options.backupCount(), context.garbageAfter());
        Call<UUID> listening = calls.begin("listening to lost partitions", LISTEN_TIMEOUT, Runnable::run);
        var unused = listening.future().whenComplete((id, failure) -> {
            if (failure != null) {
                LOG.warn("lost partitions of hazelcast are not heard of", failure);
            }
        });
        calls.work(listening, watch::listenToLosses);
        var unusedConnect = maps.connect();
        return new HazelcastLedger(maps, calls, options, context, () -> {
            open.remove(maps);
            if (instance.getLifecycleService().isRunning()) {
                watch.close();
            }
        });
    }

    /**
     * Refuses further calls and, where this provider started it, shuts the member or client down. Blocks for at most half
     * a minute. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        calls.close();
        if (owned) {
            InstanceShutdown.run(instance);
        } else {
            instance.getLifecycleService().removeLifecycleListener(listener);
        }
    }
}
