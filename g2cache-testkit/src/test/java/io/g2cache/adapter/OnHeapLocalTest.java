package io.g2cache.adapter;

import io.g2cache.OnHeapLocal;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.testkit.LocalCacheContract;

class OnHeapLocalTest extends LocalCacheContract {
    @Override
    protected LocalCacheProvider provider() {
        return new OnHeapLocal();
    }
}
