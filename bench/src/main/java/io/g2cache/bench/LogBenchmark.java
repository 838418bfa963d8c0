package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.testkit.kafka.KafkaBroker;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a node does with its log: it reads it from the beginning, and applies its events to the local tier. */
public class LogBenchmark {
    private static final String NAMESPACE = "bench-log";
    private static final int EVENTS = 200_000;

    /** Creates the benchmark. */
    public LogBenchmark() {}

    /** A filled log on a real broker. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init")
    public static class Filled {
        private KafkaBroker broker;
        private FilledLog log;

        /** Creates the state. */
        public Filled() {}

        /** Starts the broker and fills the log. */
        @Setup
        public void fill() throws Exception {
            broker = KafkaBroker.builder().start();
            log = new FilledLog(Logs.on(broker), NAMESPACE);
            log.append(EVENTS, EVENTS);
        }

        /** Closes the log and stops the broker. */
        @TearDown
        public void close() {
            log.close();
            broker.close();
        }
    }

    /** Keys and values, the values as tiers store them. */
    @State(Scope.Benchmark)
    public static class Events {
        private final Workload workload = new Workload(Workload.ENTRIES);
        private final byte[] stored = LocalTier.stored(workload.value(0));
        private long step;

        /** Creates the state. */
        public Events() {}
    }

    /** Our tier off the heap. */
    @State(Scope.Benchmark)
    public static class OurTier {
        private final LocalTier tier = new LocalTier(ChronicleLocal.builder().build(), new Workload(Workload.ENTRIES));

        /** Creates the state. */
        public OurTier() {}

        /** Closes the tier. */
        @TearDown
        public void close() {
            tier.close();
        }
    }

    /** Chronicle Map by itself. */
    @State(Scope.Benchmark)
    public static class PlainMap {
        private final PlainChronicle map = new PlainChronicle(new Workload(Workload.ENTRIES));

        /** Creates the state. */
        public PlainMap() {}

        /** Closes the map. */
        @TearDown
        public void close() {
            map.close();
        }
    }

    /** Our reader takes 200,000 events, decoded. */
    @Benchmark
    public long replay(Filled filled) throws Exception {
        return ReplayRateFigure.ours(filled.log.log(), EVENTS);
    }

    /** A plain consumer takes the same records. */
    @Benchmark
    public long plainReplay(Filled filled) {
        return ReplayRateFigure.plain(filled.broker, NAMESPACE, EVENTS);
    }

    /** An event is applied to the local tier, over an entry. */
    @Benchmark
    public boolean apply(Events events, OurTier ours) {
        return ours.tier.put(events.workload.read(events.step++), events.stored);
    }

    /** Chronicle Map's own put of the same bytes. */
    @Benchmark
    public void plainPut(Events events, PlainMap plain) {
        plain.map.put(events.workload.read(events.step++), events.stored);
    }
}
