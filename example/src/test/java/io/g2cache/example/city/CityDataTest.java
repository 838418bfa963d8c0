package io.g2cache.example.city;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CityDataTest {
    @Test
    void holdsEveryCityOnceOrderedById() {
        List<Long> ids = new ArrayList<>();
        CityData.forEach(city -> ids.add(city.id()));

        assertThat(ids).hasSize(135_233).doesNotHaveDuplicates().isSortedAccordingTo(Comparator.naturalOrder());
    }

    @Test
    void knowsSomeCities() {
        Map<Long, City> cities = new HashMap<>();
        CityData.forEach(city -> cities.put(city.id(), city));

        assertThat(cities.get(2643743L))
                .isEqualTo(new City(2643743, "London", "GB", "PPLC", "ENG", 7_556_900, 51.50853, -0.12574, 0));
        assertThat(cities.get(1796236L).population()).isEqualTo(22_315_474);
        assertThat(cities.get(2960L).name()).isEqualTo("‘Ayn Ḩalāqīm");
        assertThat(cities.values())
                .allSatisfy(city -> assertThat(city.country()).hasSize(2))
                .allSatisfy(city -> assertThat(city.population()).isNotNegative())
                .allSatisfy(city -> assertThat(city.latitude()).isBetween(-90.0, 90.0))
                .allSatisfy(city -> assertThat(city.longitude()).isBetween(-180.0, 180.0));
    }

    @Test
    void namesTheLineThatIsMalformed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CityData.parse("1\tSomewhere"))
                .withMessageContaining("columns=2")
                .withMessageContaining("Somewhere");
    }
}
