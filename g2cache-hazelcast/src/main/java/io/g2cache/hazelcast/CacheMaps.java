package io.g2cache.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.g2cache.spi.OutContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maps of one cache, or of the ledger, connected when first needed: a client that is not connected cannot make a map proxy. Whoever
 * comes while nobody connects, connects; everybody else waits for the same attempt, each until its own deadline. A failed
 * attempt is forgotten, so that the next call tries again. Thread-safe; {@link #use} does not block.
 */
final class CacheMaps {
    private static final Logger LOG = LoggerFactory.getLogger(CacheMaps.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Connected maps.
     *
     * @param entries map of the entries
     * @param floors map of the floors
     */
    record Connected(IMap<Object, Object> entries, IMap<Integer, Long> floors) {}

    private final HazelcastInstance instance;
    private final Calls calls;
    private final MapConfig entries;
    private final MapConfig floors;
    private final boolean isProbed;
    private final AtomicReference<@Nullable CompletableFuture<Connected>> current = new AtomicReference<>();

    private CacheMaps(HazelcastInstance instance, Calls calls, MapConfig entries, MapConfig floors, boolean isProbed) {
        this.instance = instance;
        this.calls = calls;
        this.entries = entries;
        this.floors = floors;
        this.isProbed = isProbed;
    }

    /** The maps of one cache, which are checked once they are connected. */
    static CacheMaps of(HazelcastInstance instance, Calls calls, OutOptions options, OutContext context) {
        MapNames names = MapNames.of(context);
        MapConfig entries = MapConfigs.entries(names.entries(), context.garbageAfter(), options);
        return new CacheMaps(instance, calls, entries, MapConfigs.floors(names.floors(), options), true);
    }

    /** The maps of the ledger. */
    static CacheMaps ofLedger(HazelcastInstance instance, Calls calls, OutOptions options, OutContext context) {
        MapNames names = MapNames.ledger(context);
        MapConfig entries = MapConfigs.ledger(names.entries(), options);
        return new CacheMaps(instance, calls, entries, MapConfigs.floors(names.floors(), options), false);
    }

    /** Name of the map of the entries. */
    String name() {
        return entries.getName();
    }

    /** Hands the maps to the step as soon as they are connected; whatever goes wrong fails the call. */
    void use(Call<?> call, Consumer<Connected> step) {
        CompletableFuture<Connected> attempt = current.get();
        if (attempt == null) {
            attempt = connect();
        }
        var unused = attempt.whenComplete((maps, error) -> {
            if (error != null) {
                call.fail(error);
                return;
            }
            try {
                step.accept(maps);
            } catch (RuntimeException refused) {
                call.fail(refused);
            }
        });
    }

    /** Connects anew at the next use: after an outage the cluster may be another one, without our configuration. */
    void forget() {
        current.set(null);
    }

    /** Begins to connect, unless somebody has. Does not block. */
    CompletableFuture<Connected> connect() {
        CompletableFuture<Connected> attempt = new CompletableFuture<>();
        CompletableFuture<Connected> other = current.compareAndExchange(null, attempt);
        if (other != null) {
            return other;
        }
        Call<Connected> call = calls.begin(name() + " connect", CONNECT_TIMEOUT, Runnable::run);
        var unused = call.future().whenComplete((maps, error) -> {
            if (error == null) {
                attempt.complete(maps);
                probe(maps);
            } else {
                current.compareAndSet(attempt, null);
                attempt.completeExceptionally(error);
            }
        });
        calls.work(call, this::open);
        return attempt;
    }

    private Connected open() {
        Config config = instance.getConfig();
        configure(config, new MapConfig(entries));
        configure(config, new MapConfig(floors));
        return new Connected(instance.getMap(entries.getName()), instance.getMap(floors.getName()));
    }

    private static void configure(Config config, MapConfig map) {
        try {
            config.addMapConfig(map);
        } catch (InvalidConfigurationException conflict) {
            LOG.warn(
                    "map={} keeps the configuration that another node has given it: {}",
                    map.getName(),
                    conflict.getMessage());
        }
    }

    private void probe(Connected maps) {
        if (!isProbed) {
            return;
        }
        Call<MapProbe.Finding> call = calls.begin(name() + " probe", CONNECT_TIMEOUT, Runnable::run);
        var unused = call.future().whenComplete((finding, error) -> {
            if (error != null) {
                LOG.warn("map={} could not be checked for its configuration", name(), error);
            }
        });
        calls.work(call, () -> MapProbe.run(maps.entries(), entries.getTimeToLiveSeconds()));
    }
}
