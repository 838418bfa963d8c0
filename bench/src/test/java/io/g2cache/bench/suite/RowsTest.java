package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

class RowsTest {
    @Test
    void haveNamesAndFilesOfTheirOwn() {
        assertThat(Rows.all()).extracting(Row::name).doesNotHaveDuplicates();
        assertThat(Rows.all()).extracting(row -> row.group() + row.slug()).doesNotHaveDuplicates();
    }

    @Test
    void nameBenchmarksAndParametersThatExist() {
        for (Row row : Rows.all()) {
            assertThat(Arrays.stream(row.benchmark().getMethods())
                            .filter(method -> method.isAnnotationPresent(Benchmark.class))
                            .map(Method::getName))
                    .as(row.name())
                    .contains(row.method());
            assertThat(parameters(row.benchmark()))
                    .as(row.name())
                    .containsAll(row.params().keySet());
        }
    }

    @Test
    void nameStoresThatExist() {
        for (Row row : LocalRows.all()) {
            if (row.params().containsKey("store")) {
                assertThat(StoreKind.valueOf(row.params().get("store")).side())
                        .as(row.name())
                        .isEqualTo(row.side());
            }
        }
    }

    @Test
    void compareOnlyWhatIsTimedAlike() {
        for (Row row : Rows.all()) {
            assertThat(Rows.all().stream().filter(other -> other.thing().equals(row.thing())))
                    .as(row.thing())
                    .allMatch(other -> other.mode() == row.mode()
                            && other.unit() == row.unit()
                            && other.threads() == row.threads()
                            && other.group() == row.group());
        }
    }

    @Test
    void thatMatterMostAreSoonMeasured() {
        assertThat(Rows.smoke()).hasSize(9);
        assertThat(Plan.of(Rows.smoke(), Effort.SMOKE).seconds()).isLessThan(110);
    }

    @Test
    void areFoundByAPartOfTheirName() {
        assertThat(Rows.of(List.of(Group.LOCAL), "1M ENTRIES: caffeine"))
                .extracting(Row::name)
                .containsExactly("hit, 1M entries: Caffeine");
        assertThat(Rows.of(List.of(Group.TIERS), "caffeine")).isEmpty();
    }

    /** Of the benchmark, its nested states, and the states that its methods take. */
    private static Set<String> parameters(Class<?> benchmark) {
        Stream<Class<?>> taken = Arrays.stream(benchmark.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .flatMap(method -> Arrays.stream(method.getParameterTypes()));
        return Stream.of(Stream.of(benchmark), Arrays.stream(benchmark.getDeclaredClasses()), taken)
                .flatMap(states -> states)
                .flatMap(state -> Arrays.stream(state.getDeclaredFields()))
                .filter(field -> field.isAnnotationPresent(Param.class))
                .map(Field::getName)
                .collect(Collectors.toSet());
    }
}
