package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the start-up line says of each combination of modules. */
class ModulesTest {
    @Test
    void eachCombinationSaysWhatItCannotPromise() {
        assertThat(Modules.promises(false, false)).contains("another node hears", "one load for several nodes");
        assertThat(Modules.promises(true, false)).contains("another node hears", "dies between its tiers");
        assertThat(Modules.promises(false, true))
                .contains("more than its writer", "while the log is away")
                .doesNotContain("another node hears");
        assertThat(Modules.promises(true, true))
                .isEqualTo(
                        "not promised: a bound on staleness while the log is away; repair after a split of the out tier");
    }
}
