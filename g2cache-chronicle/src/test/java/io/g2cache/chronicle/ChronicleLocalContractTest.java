package io.g2cache.chronicle;

import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.testkit.LocalCacheContract;

class ChronicleLocalContractTest extends LocalCacheContract {
    @Override
    protected LocalCacheProvider provider() {
        return ChronicleLocal.builder().hotEntries(0).build();
    }
}
