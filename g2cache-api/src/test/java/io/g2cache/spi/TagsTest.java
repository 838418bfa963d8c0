package io.g2cache.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TagsTest {
    @Test
    void hashesStayTheSameForEver() {
        assertThat(Tags.hash("user:42"))
                .isEqualTo(Hash64.hash("user:42".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0));
        assertThat(Tags.hash("user:42")).isNotEqualTo(Tags.hash("user:43"));
    }

    @Test
    void floorsOfTagsHaveNumbersOfTheirOwn() {
        Set<Integer> numbers = new HashSet<>();
        for (int partition : new int[] {0, 1, 11, (1 << 18) - 1}) {
            assertThat(Tags.isFloorOfTags(partition)).isFalse();
            assertThat(Tags.partition(partition)).isEqualTo(partition);
            for (long group = 0; group < Tags.GROUPS; group++) {
                int number = Tags.floorNumber(partition, group - Tags.GROUPS);
                assertThat(number).isPositive().isEqualTo(Tags.floorNumber(partition, group));
                assertThat(Tags.isFloorOfTags(number)).isTrue();
                assertThat(Tags.partition(number)).isEqualTo(partition);
                assertThat(numbers.add(number)).isTrue();
            }
        }
        assertThatThrownBy(() -> Tags.floorNumber(1 << 18, 0)).hasMessageContaining("partition=262144");
        assertThatThrownBy(() -> Tags.floorNumber(-1, 0)).hasMessageContaining("partition=-1");
    }

    @Test
    void aCheckpointHasFloorsOfItsOwnPartitionsOnly() {
        LogPosition two = LogPosition.of(1, 2);
        assertThat(new Checkpoint(two, two).tagFloors()).isEmpty();
        for (int partition : new int[] {-1, 2}) {
            List<TagFloor> floors = List.of(new TagFloor(partition, 3, 4));
            assertThatThrownBy(() -> new Checkpoint(two, two, floors)).hasMessageContaining("partition=" + partition);
        }
    }
}
