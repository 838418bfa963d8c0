package io.g2cache.testkit;

import io.g2cache.spi.LocalCacheProvider;

class MemoryLocalTest extends LocalCacheContract {
    @Override
    protected LocalCacheProvider provider() {
        return new MemoryLocal();
    }
}
