package io.g2cache.testkit;

import io.g2cache.spi.OutCacheProvider;

class MemoryOutTest extends OutCacheContract {
    private final MemoryOut.Store store = new MemoryOut.Store();

    @Override
    protected OutCacheProvider provider() {
        return new MemoryOut(store);
    }

    @Override
    protected OutCacheProvider secondProvider() {
        return new MemoryOut(store);
    }

    @Override
    protected int raceRounds() {
        return 3_000;
    }
}
