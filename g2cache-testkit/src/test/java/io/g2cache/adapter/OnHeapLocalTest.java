package io.g2cache.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.OnHeapLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.LocalCacheContract;
import org.junit.jupiter.api.Test;

class OnHeapLocalTest extends LocalCacheContract {
    private static final long NOW = 1_800_000_000_000L;

    @Override
    protected LocalCacheProvider provider() {
        return new OnHeapLocal();
    }

    @Test
    void cleaningUpIsBoundedGoesOnAndComesRound() {
        KeySpace space = new KeySpace("longs", 1);
        ValueFormat<Long> format = new ValueFormat<>(Codecs.int64());
        try (LocalCacheProvider provider = provider()) {
            LocalCache<Long, Long> cache = provider.open(new LocalContext<>(
                    "longs",
                    space,
                    Codecs.int64(),
                    format,
                    p -> Long.MIN_VALUE,
                    10_000,
                    100,
                    100,
                    false,
                    "test",
                    TimeSource.SYSTEM));
            for (int round = 0; round < 2; round++) {
                for (long k = 0; k < 2_500; k++) {
                    Entry entry = Entry.value(k, NOW - 1, NOW, format.encode(k));
                    cache.fill(space.key(Codecs.int64().encode(k)), entry, Admission.ALWAYS);
                }
                cache.cleanUp(NOW - 1);
                assertThat(cache.estimatedSize()).isEqualTo(2_500);
                cache.cleanUp(NOW);
                assertThat(cache.estimatedSize()).isEqualTo(1_500);
                cache.cleanUp(NOW);
                cache.cleanUp(NOW);
                cache.cleanUp(NOW);
                assertThat(cache.estimatedSize()).isZero();
            }
            cache.close();
        }
    }
}
