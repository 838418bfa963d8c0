package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GoneMembersTest {
    private static final long MEMORY = 10_000;

    private final GoneMembers gone = new GoneMembers(Duration.ofMillis(MEMORY), 3);

    private static Address member(int number) throws UnknownHostException {
        return new Address("127.0.0.1", 5_700 + number);
    }

    @Test
    void theFirstThatIsMissingCounts() throws Exception {
        assertThat(gone.since(0)).isEqualTo(GoneMembers.NEVER);
        gone.left(member(1), 100_000);
        gone.left(member(2), 101_000);
        gone.left(member(1), 102_000);
        assertThat(gone.since(103_000)).isEqualTo(100_000);
        assertThat(gone.sinceOfSplit(103_000)).isEqualTo(100_000);
        assertThat(gone.back(member(1), 103_000)).isEqualTo(100_000);
        assertThat(gone.since(103_000)).isEqualTo(101_000);
        assertThat(gone.back(member(2), 103_000)).isEqualTo(101_000);
        assertThat(gone.back(member(2), 103_000)).isEqualTo(GoneMembers.NEVER);
        assertThat(gone.sinceOfSplit(103_000)).isEqualTo(GoneMembers.NEVER);
    }

    @Test
    void whoeverIsGoneForLongerThanAnythingLivesIsTakenAsReplaced() throws Exception {
        gone.left(member(1), 100_000);
        gone.left(member(2), 105_000);
        assertThat(gone.since(110_001)).isEqualTo(105_000);
        assertThat(gone.since(115_001)).isEqualTo(GoneMembers.NEVER);
    }

    @Test
    void aSplitAndAReturnReachBackAsFarAsAnythingLives() throws Exception {
        gone.left(member(1), 100_000);
        assertThat(gone.sinceOfSplit(900_000)).isEqualTo(900_000 - MEMORY);
        assertThat(gone.back(member(1), 900_000)).isEqualTo(900_000 - MEMORY);
    }

    @Test
    void moreThanTheLimitAreRememberedTogether() throws Exception {
        for (int i = 0; i < 100; i++) {
            gone.left(member(i), 100_000 + i);
            assertThat(gone.remembered()).isLessThanOrEqualTo(3);
        }
        for (int i = 97; i < 100; i++) {
            assertThat(gone.back(member(i), 101_000)).isEqualTo(100_000 + i);
        }
        assertThat(gone.since(101_000)).isEqualTo(101_000 - MEMORY);
        assertThat(gone.since(100_096 + MEMORY + 1)).isEqualTo(GoneMembers.NEVER);
        assertThat(gone.sinceOfSplit(900_000)).isEqualTo(900_000 - MEMORY);
    }
}
