package io.g2cache.chronicle;

import io.g2cache.OnHeapLocal;
import io.g2cache.spi.LocalCache;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Every outcome of concurrent calls is one of some order of the calls, one after another. */
class LinearizabilityTest {
    private static final int ITERATIONS = 6;

    /** More than the gate has stripes, so that its loop over them is not taken for one that waits. */
    private static final int MOST_LOOPS = 100;

    /** Nothing is ever evicted. */
    public static class Roomy extends LinearizableTier.Sequential {
        public Roomy() {
            super(64);
        }
    }

    /** Whatever enters evicts the other. */
    public static class Single extends LinearizableTier.Sequential {
        public Single() {
            super(1);
        }
    }

    /** Off the heap, with room. */
    public static class OffHeap extends LinearizableTier {
        private static final LocalCache<Long, Long> TIER =
                open(ChronicleLocal.builder().segments(1).build(), 64);

        public OffHeap() {
            super(TIER);
        }
    }

    /** Off the heap, with one place. */
    public static class OffHeapSingle extends LinearizableTier {
        private static final LocalCache<Long, Long> TIER =
                open(ChronicleLocal.builder().build(), 1);

        public OffHeapSingle() {
            super(TIER);
        }
    }

    /** On the heap, with room. */
    public static class OnHeap extends LinearizableTier {
        public OnHeap() {
            super(open(new OnHeapLocal(), 64));
        }
    }

    /** Whoever is let in finds the house open until it leaves. */
    public static class House {
        private final Gate gate = new Gate();
        private volatile boolean pulledDown;

        @Operation
        public String visit() {
            if (!gate.enter(1)) {
                return "refused";
            }
            String seen = pulledDown ? "pulled down" : "open";
            gate.leave(1);
            return seen;
        }

        @Operation
        public void close() {
            if (gate.close(Duration.ZERO)) {
                pulledDown = true;
            }
        }
    }

    /** A house of one thread. */
    public static class SequentialHouse {
        private boolean closed;

        public String visit() {
            return closed ? "refused" : "open";
        }

        public void close() {
            closed = true;
        }
    }

    private static StressOptions stress(Class<?> specification) {
        return new StressOptions()
                .iterations(10)
                .invocationsPerIteration(2_000)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(specification);
    }

    @Test
    void offHeap() {
        stress(Roomy.class).check(OffHeap.class);
    }

    @Test
    void offHeapWhereEveryEntryEvictsTheOther() {
        stress(Single.class).check(OffHeapSingle.class);
    }

    /** Caffeine's own methods are taken for atomic. */
    @Test
    void onHeap() {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .iterations(6 * ITERATIONS)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(1)
                .sequentialSpecification(Roomy.class);
        for (String atomic : List.of("com.github.benmanes.", "io.g2cache.spi.", "io.g2cache.codec.")) {
            options.addGuarantee(ManagedStrategyGuaranteeKt.forClasses(name -> name.startsWith(atomic))
                    .allMethods()
                    .treatAsAtomic());
        }
        options.check(OnHeap.class);
    }

    @Test
    void gate() {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .loopIterationsBeforeThreadSwitch(MOST_LOOPS)
                .loopBound(MOST_LOOPS)
                .sequentialSpecification(SequentialHouse.class)
                .check(House.class);
    }
}
