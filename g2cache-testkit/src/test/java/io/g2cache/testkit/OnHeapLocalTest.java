package io.g2cache.testkit;

import io.g2cache.OnHeapLocal;
import io.g2cache.spi.LocalCacheProvider;

class OnHeapLocalTest extends LocalCacheContract {
    @Override
    protected LocalCacheProvider provider() {
        return new OnHeapLocal();
    }
}
