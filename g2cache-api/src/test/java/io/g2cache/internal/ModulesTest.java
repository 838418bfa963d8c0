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
                .contains("more than its writer")
                .doesNotContain("another node hears", "while the log is away");
        assertThat(Modules.promises(true, true)).isEqualTo("all promises hold");
    }
}
