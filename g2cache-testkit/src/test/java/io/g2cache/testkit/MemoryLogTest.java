package io.g2cache.testkit;

import io.g2cache.spi.SyncLogProvider;

class MemoryLogTest extends SyncLogContract {
    private final MemoryLog.Broker broker = new MemoryLog.Broker(4);

    @Override
    protected SyncLogProvider provider() {
        return new MemoryLog(broker);
    }
}
