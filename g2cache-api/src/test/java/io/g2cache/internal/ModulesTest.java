package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.OnHeapLocal;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the start-up line says of each combination of modules. */
class ModulesTest {
    private static String promises(boolean hasOut, boolean hasLog) {
        @Nullable OutCacheProvider out = hasOut ? new NoOut() : null;
        @Nullable SyncLogProvider log = hasLog ? new NoLog() : null;
        return Modules.promises(new NodeOptions(
                "default",
                new OnHeapLocal(),
                out,
                log,
                null,
                new ManualTime(),
                () -> 0,
                Duration.ofDays(7),
                Duration.ofSeconds(60),
                1024,
                Duration.ofSeconds(1),
                null,
                null));
    }

    private static final class NoOut implements OutCacheProvider {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public OutCache open(OutContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static final class NoLog implements SyncLogProvider {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public SyncLog open(LogContext context) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void eachCombinationSaysWhatItCannotPromise() {
        assertThat(promises(false, false)).contains("no other node hears", "each node loads for itself");
        assertThat(promises(true, false)).contains("no other node hears", "come from a clock");
        assertThat(promises(false, true)).contains("kept by its writer only").doesNotContain("no other node hears");
        assertThat(promises(true, true)).isEqualTo("every promise is kept");
    }
}
