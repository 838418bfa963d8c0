package io.g2cache.bench.peers;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.options.LocalCachedMapOptions.EvictionPolicy;
import org.redisson.api.options.LocalCachedMapOptions.ReconnectionStrategy;
import org.redisson.api.options.LocalCachedMapOptions.SyncStrategy;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Config;

/** Redisson's local cached map on one redis-server. */
final class RedissonNodes extends ProxiedNodes {
    private final RLocalCachedMap<String, byte[]> writer;
    private final RLocalCachedMap<String, byte[]> reader;

    private RedissonNodes(Parts parts, int nearEntries, ReconnectionStrategy reconnection)
            throws IOException, InterruptedException {
        super(parts);
        int port = parts.add(RedisServer.start()).port();
        writer = connect(port, nearEntries, reconnection);
        reader = connect(parts.proxy(port).port(), nearEntries, reconnection);
    }

    /** After a lost connection, the near cache is emptied. */
    static PeerNodes clearing(Parts parts, int nearEntries) throws IOException, InterruptedException {
        return new RedissonNodes(parts, nearEntries, ReconnectionStrategy.CLEAR);
    }

    /** After a lost connection, the near cache stays as it is: the default. */
    static PeerNodes byDefault(Parts parts, int nearEntries) throws IOException, InterruptedException {
        return new RedissonNodes(parts, nearEntries, ReconnectionStrategy.NONE);
    }

    private RLocalCachedMap<String, byte[]> connect(int port, int nearEntries, ReconnectionStrategy reconnection) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
        RedissonClient client = Redisson.create(config);
        parts().add(client::shutdown);
        return client.getLocalCachedMap(LocalCachedMapOptions.<String, byte[]>name("bench")
                .codec(new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE))
                .cacheSize(nearEntries)
                .evictionPolicy(EvictionPolicy.LRU)
                .syncStrategy(SyncStrategy.INVALIDATE)
                .reconnectionStrategy(reconnection));
    }

    @Override
    public void put(String key, byte[] value) {
        var unused = writer.fastPut(key, value);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return reader.get(key);
    }
}
