package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.testkit.MemoryLocal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tier that outlives its node where there is no log to replay. */
class ClockRestartTest {
    private final Rig rig = new Rig();
    private final MemoryLocal.Disk disk = new MemoryLocal.Disk();
    private final AtomicInteger loads = new AtomicInteger();
    private String row = "old";

    @AfterEach
    void close() {
        rig.close();
    }

    private G2Cache<String, String> open(G2Node node) {
        return node.cache(Rig.spec()
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .loader(key -> {
                    loads.incrementAndGet();
                    return row;
                })
                .build());
    }

    private G2Node node() {
        return rig.start(rig.builder().local(new MemoryLocal(disk)));
    }

    @Test
    void aKillDoesNotUndoAClear() {
        G2Node first = node();
        assertThat(open(first).get("a")).isEqualTo("old");
        first.close(Duration.ofSeconds(5));
        open(node()).clear(); // and is killed before its next upkeep, half a second later
        row = "new";
        assertThat(open(node()).get("a")).isEqualTo("new");
    }

    @Test
    void theClockGoesOnAfterAClearThatWasKept() {
        G2Node first = node();
        G2Cache<String, String> before = open(first);
        before.get("a");
        before.clear();
        first.close(Duration.ofSeconds(5));
        rig.time.wallMillis(Rig.NOW - Duration.ofHours(1).toMillis());
        G2Cache<String, String> cache = open(node());
        cache.get("a");
        int loaded = loads.get();
        cache.get("a");
        assertThat(loads).hasValue(loaded);
    }
}
