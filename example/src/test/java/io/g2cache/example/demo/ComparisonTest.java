package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.example.city.City;
import io.g2cache.spi.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Comparison comparison = new Comparison(
            new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false, TimeSource.SYSTEM));

    private static City city(long id, long revision) {
        return new City(id, "Town", "XX", "PPL", "", 1_000, 1, 2, revision);
    }

    private record View(Map<Long, City> cached, Map<Long, City> loaded) implements CacheView {
        @Override
        public Map<Long, City> cachedAll(Collection<Long> ids, String token) {
            return only(cached, ids);
        }

        @Override
        public Map<Long, City> readAll(Collection<Long> ids, String token) {
            return only(loaded, ids);
        }

        private static Map<Long, City> only(Map<Long, City> all, Collection<Long> ids) {
            Map<Long, City> found = new TreeMap<>(all);
            found.keySet().retainAll(ids);
            return found;
        }
    }

    @Test
    void countsCachedValuesThatDifferFromTheDatabase() throws IOException {
        View right = new View(Map.of(1L, city(1, 5), 2L, city(2, 1)), Map.of());
        View wrong = new View(Map.of(1L, city(1, 4), 2L, city(2, 1)), Map.of());

        Comparison.Result result = comparison.of(Map.of("A", right, "B", wrong), List.of(city(1, 5), city(2, 1)));

        assertThat(result).isEqualTo(new Comparison.Result(4, 4, 1, 0, 0));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("revision=4")
                .contains("revision=5");
    }

    /** Caches what it loads, as a cache does, but not always rightly. */
    private record Filling(Map<Long, City> cached, Map<Long, City> source) implements CacheView {
        @Override
        public Map<Long, City> cachedAll(Collection<Long> ids, String token) {
            return View.only(cached, ids);
        }

        @Override
        public Map<Long, City> readAll(Collection<Long> ids, String token) {
            ids.forEach(id -> cached.put(id, city(id, 0)));
            return View.only(source, ids);
        }
    }

    @Test
    void comparesWhatIsCachedAfterItWasRead() throws IOException {
        Filling node = new Filling(new TreeMap<>(Map.of(1L, city(1, 5))), Map.of(2L, city(2, 1), 3L, city(3, 0)));

        Comparison.Result result = comparison.of(Map.of("A", node), List.of(city(1, 5), city(2, 1), city(3, 0)));

        assertThat(result).isEqualTo(new Comparison.Result(3, 3, 1, 2, 0));
    }

    @Test
    void readsAnewWhatIsNotCachedAndCountsItApart() throws IOException {
        View node = new View(Map.of(1L, city(1, 5)), Map.of(2L, city(2, 1), 3L, city(3, 7)));

        Comparison.Result result =
                comparison.of(Map.of("A", node), List.of(city(1, 5), city(2, 1), city(3, 8), city(4, 1)));

        assertThat(result).isEqualTo(new Comparison.Result(4, 1, 0, 3, 2));
    }

    @Test
    void provesSomethingOnlyIfNothingIsStaleAndNearlyAllWasCached() {
        assertThat(new Comparison.Result(1_000, 1_000, 0, 0, 0).isProof()).isTrue();
        assertThat(new Comparison.Result(1_000, 900, 0, 100, 0).isProof()).isTrue();
        assertThat(new Comparison.Result(1_000, 899, 0, 101, 0).isProof()).isFalse();
        assertThat(new Comparison.Result(1_000, 1, 0, 0, 0).isProof()).isFalse();
        assertThat(new Comparison.Result(0, 0, 0, 0, 0).isProof()).isFalse();
        assertThat(new Comparison.Result(1_000, 1_000, 1, 0, 0).isProof()).isFalse();
        assertThat(new Comparison.Result(1_000, 1_000, 0, 1, 1).isProof()).isFalse();
    }
}
