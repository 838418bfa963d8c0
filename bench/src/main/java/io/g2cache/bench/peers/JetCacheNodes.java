package io.g2cache.bench.peers;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.CacheBuilder;
import com.alicp.jetcache.CacheResult;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.JetCacheCodec;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import com.alicp.jetcache.template.CacheBuilderTemplate;
import com.alicp.jetcache.template.NotifyMonitorInstaller;
import com.alicp.jetcache.template.QuickConfig;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** JetCache with a local and a remote level, and its broadcast over one redis-server. */
final class JetCacheNodes extends ProxiedNodes {
    private static final String AREA = "default";
    private static final Duration EXPIRY = Duration.ofHours(1);

    private final Cache<String, byte[]> writer;
    private final Cache<String, byte[]> reader;

    JetCacheNodes(Parts parts, int nearEntries) throws IOException, InterruptedException {
        super(parts);
        int port = parts.add(RedisServer.start()).port();
        writer = connect(port, nearEntries);
        reader = connect(parts.proxy(port).port(), nearEntries);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Cache<String, byte[]> connect(int port, int nearEntries) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
        parts().add(client::shutdown);
        Function<Object, Object> sameKey = key -> key;
        CacheBuilder local = CaffeineCacheBuilder.createCaffeineCacheBuilder()
                .limit(nearEntries)
                .keyConvertor(sameKey);
        CacheBuilder remote = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                .keyConvertor(sameKey)
                .valueEncoder(JavaValueEncoder.INSTANCE)
                .valueDecoder(JavaValueDecoder.INSTANCE)
                .broadcastChannel("bench")
                .keyPrefix("bench")
                .redisClient(client)
                .pubSubConnection(client.connectPubSub(new JetCacheCodec()));
        CacheBuilderTemplate template =
                new CacheBuilderTemplate(false, new Map[] {Map.of(AREA, local), Map.of(AREA, remote)});
        template.getCacheMonitorInstallers().add(new NotifyMonitorInstaller(area -> template.getCacheBuilder(1, area)));
        SimpleCacheManager manager = parts().add(new SimpleCacheManager());
        manager.setCacheBuilderTemplate(template);
        return manager.getOrCreateCache(QuickConfig.newBuilder(AREA, "bench")
                .cacheType(CacheType.BOTH)
                .syncLocal(true)
                .localLimit(nearEntries)
                .expire(EXPIRY)
                .build());
    }

    @Override
    public void put(String key, byte[] value) throws IOException {
        CacheResult result = writer.PUT(key, value);
        if (!result.isSuccess()) {
            throw new IOException("not put, key=" + key + ": " + result.getMessage());
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        return reader.get(key);
    }
}
