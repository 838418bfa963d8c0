package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.spi.TimeSource;
import java.util.Objects;

/** A get of the off-heap tier that its hot layer answers, beside a get of Caffeine by itself. */
final class HotHitContest implements Contest {
    /** Until chance has brought every key in. */
    private static final int WARM_UP_ROUNDS = 200;

    private final Workload workload = new Workload(Workload.ENTRIES);
    private final LocalTier tier = new LocalTier(
            ChronicleLocal.builder().hotEntries(LocalTier.MAXIMUM_ENTRIES).build(), workload);
    private final PlainCaffeine caffeine = new PlainCaffeine(workload);
    private final long now = TimeSource.SYSTEM.wallMillis();
    private long ourStep;
    private long peersStep;

    HotHitContest() {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            for (int rank = 0; rank < workload.entries(); rank++) {
                Objects.requireNonNull(tier.get(workload.key(rank), now));
            }
        }
    }

    @Override
    public long ours(long steps) {
        long bytes = 0;
        for (long i = 0; i < steps; i++) {
            bytes += Objects.requireNonNull(tier.get(workload.read(ourStep++), now)).length;
        }
        return bytes;
    }

    @Override
    public long peers(long steps) {
        long bytes = 0;
        for (long i = 0; i < steps; i++) {
            bytes += Objects.requireNonNull(caffeine.get(workload.read(peersStep++))).length;
        }
        return bytes;
    }

    @Override
    public void close() {
        tier.close();
    }
}
