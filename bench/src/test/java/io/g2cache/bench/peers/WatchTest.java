package io.g2cache.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final class Fixed implements PeerNodes {
        private final Map<String, byte[]> values = new ConcurrentHashMap<>();

        @Override
        public void put(String key, byte[] value) {
            values.put(key, value);
        }

        @Override
        public byte @Nullable [] get(String key) {
            if (key.equals("fails") && Values.number(values.get(key)) == 1) {
                // the next read finds the new value
                values.put(key, Values.of(2));
                throw new IllegalStateException("cut");
            }
            return values.get(key);
        }

        @Override
        public void cut() {}

        @Override
        public void heal() {}

        @Override
        public void close() {}
    }

    @Test
    void endsWhenEveryKeyShowsItsNewValue() throws Exception {
        Fixed nodes = new Fixed();
        nodes.put("new", Values.of(2));
        nodes.put("fails", Values.of(1));
        long start = System.nanoTime();
        Watch watch = new Watch(nodes, List.of("new", "fails"), 2);
        watch.start();
        assertThat(watch.await(LIMIT_NANOS)).isTrue();
        assertThat(watch.failures()).isEqualTo(1);
        assertThat(watch.left()).isZero();
        assertThat(watch.oldFor(start)).isZero();
        assertThat(watch.completeNanos() - start).isPositive();
    }

    @Test
    void remembersThatAnOldValueWasReturned() throws Exception {
        Fixed nodes = new Fixed();
        nodes.put("old", Values.of(1));
        long start = System.nanoTime();
        Watch watch = new Watch(nodes, List.of("old"), 2);
        watch.start();
        assertThat(watch.await(TimeUnit.MILLISECONDS.toNanos(200))).isFalse();
        assertThat(watch.left()).isEqualTo(1);
        assertThat(watch.oldFor(start)).isPositive();
        nodes.put("old", Values.of(2));
        assertThat(watch.await(LIMIT_NANOS)).isTrue();
    }
}
