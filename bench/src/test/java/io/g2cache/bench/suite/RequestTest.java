package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTest {
    @Test
    void readsACommandLine() {
        assertThat(Request.of(List.of("local"))).isEqualTo(new Request(List.of(Group.LOCAL), Effort.FULL, ""));
        assertThat(Request.of(List.of("all", "--only", "hit", "--quick")))
                .isEqualTo(new Request(List.of(Group.values()), Effort.QUICK, "hit"));
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> Request.of(List.of("lokal")))
                .hasMessage("unknown group 'lokal'; known: local, tiers, log, peers, all");
        assertThatThrownBy(() -> Request.of(List.of("local", "--fast"))).hasMessageContaining("'--fast'");
        assertThatThrownBy(() -> Request.of(List.of("local", "--only"))).hasMessage("--only needs a text");
        assertThatThrownBy(() -> Request.of(List.of("local", "--only", "zzz")).rows())
                .hasMessage("no row of local holds 'zzz'");
    }
}
