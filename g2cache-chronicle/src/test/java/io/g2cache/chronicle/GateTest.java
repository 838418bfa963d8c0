package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void nobodyEntersAClosedGate() {
        Gate gate = new Gate();
        assertThat(gate.enter(1)).isTrue();
        gate.leave(1);
        assertThat(gate.isClosed()).isFalse();
        assertThat(gate.close(LONG)).isTrue();
        assertThat(gate.isClosed()).isTrue();
        assertThat(gate.enter(1)).isFalse();
        assertThat(gate.close(Duration.ZERO)).isTrue();
    }

    @Test
    void closingGivesUpWhileSomebodyIsInsideAndSucceedsLater() {
        Gate gate = new Gate();
        assertThat(gate.enter(77)).isTrue();
        assertThat(gate.close(Duration.ofMillis(2))).isFalse();
        assertThat(gate.enter(3)).isFalse();
        gate.leave(77);
        assertThat(gate.close(Duration.ZERO)).isTrue();
    }

    @Test
    void nobodyIsInsideOnceItIsClosed() throws Exception {
        int threads = 4;
        var executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                Gate gate = new Gate();
                AtomicBoolean gone = new AtomicBoolean();
                List<Future<Integer>> users = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int stripe = t / 2;
                    users.add(executor.submit(() -> {
                        int calls = 0;
                        while (gate.enter(stripe)) {
                            assertThat(gone).isFalse();
                            calls++;
                            gate.leave(stripe);
                        }
                        return calls;
                    }));
                }
                assertThat(gate.close(LONG)).isTrue();
                gone.set(true);
                for (Future<Integer> user : users) {
                    assertThat(user.get(30, TimeUnit.SECONDS)).isNotNegative();
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
