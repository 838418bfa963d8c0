package io.g2cache.chronicle;

import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.testkit.LocalCacheContract;

/** With a hot layer that takes in every value at its first read. */
class ChronicleHotContractTest extends LocalCacheContract {
    @Override
    protected LocalCacheProvider provider() {
        return Opened.eager(1_000);
    }
}
