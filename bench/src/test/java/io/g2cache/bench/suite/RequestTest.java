package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTest {
    @Test
    void readsACommandLine() {
        assertThat(Request.of(List.of("local"))).isEqualTo(new Request("local", Effort.FULL, ""));
        assertThat(Request.of(List.of("smoke")).effort()).isEqualTo(Effort.SMOKE);
        Request request = Request.of(List.of("all", "--only", "hit off the heap: ohc", "--quick"));
        assertThat(request).isEqualTo(new Request("all", Effort.QUICK, "hit off the heap: ohc"));
        assertThat(request.rows()).extracting(Row::name).containsExactly("hit off the heap: OHC");
        assertThat(request.line()).isEqualTo("bin/g2cache bench all --quick --only 'hit off the heap: ohc'");
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> Request.of(List.of("lokal")))
                .hasMessage("unknown command 'lokal'; known: smoke, local, tiers, log, peers, memory, staleness, all");
        assertThatThrownBy(() -> Request.of(List.of("local", "--fast"))).hasMessageContaining("'--fast'");
        assertThatThrownBy(() -> Request.of(List.of("local", "--only"))).hasMessage("--only needs a text");
        assertThatThrownBy(() -> Request.of(List.of("local", "--only", "zzz")))
                .hasMessage("no row of local holds 'zzz'");
    }

    @Test
    void measuresWhatBelongsToAGroup() {
        assertThat(Request.of(List.of("local")).asksForMemory()).isTrue();
        assertThat(Request.of(List.of("local")).asksForStaleness()).isFalse();
        assertThat(Request.of(List.of("peers")).asksForStaleness()).isTrue();
        assertThat(Request.of(List.of("all")).asksForMemory()).isTrue();
        assertThat(Request.of(List.of("all", "--only", "hit")).asksForMemory()).isFalse();
        assertThat(Request.of(List.of("memory")).asksForMemory()).isTrue();
        assertThat(Request.of(List.of("memory")).rows()).isEmpty();
    }

    @Test
    void keepsHastyScoresApart() {
        Path reports = Path.of("reports");
        assertThat(Request.of(List.of("local")).folder(reports)).isEqualTo(reports);
        assertThat(Request.of(List.of("local", "--quick")).folder(reports)).isEqualTo(Path.of("reports", "quick"));
        assertThat(Request.of(List.of("smoke")).folder(reports)).isEqualTo(Path.of("reports", "smoke"));
    }
}
