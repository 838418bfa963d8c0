package io.g2cache.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Runs every {@link Fuzz} of a subclass: 20,000 mutants each, and a million in the nightly profile. */
public abstract class DecoderFuzz {
    private static final int SHORT = 20_000;
    private static final int LONG = 1_000_000;

    /** Not to be called by tests. */
    protected DecoderFuzz() {}

    /** The decoders to test; made anew for each run. */
    protected abstract List<Fuzz> decoders() throws Exception;

    @TestFactory
    final Stream<DynamicTest> takeTwentyThousandMutants() throws Exception {
        return tests(SHORT);
    }

    @TestFactory
    @Tag("nightly")
    final Stream<DynamicTest> takeAMillionMutants() throws Exception {
        return tests(LONG);
    }

    private Stream<DynamicTest> tests(int mutants) throws Exception {
        return decoders().stream()
                .map(fuzz -> DynamicTest.dynamicTest(fuzz.name(), () -> {
                    Fuzz.Outcome unused = fuzz.run(mutants);
                }));
    }
}
