package io.g2cache.chronicle;

import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.testkit.LocalCacheContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class KeptLocalContractTest extends LocalCacheContract {
    @TempDir
    private Path directory;

    @Override
    protected LocalCacheProvider provider() {
        return ChronicleLocal.builder().persistTo(directory).build();
    }
}
