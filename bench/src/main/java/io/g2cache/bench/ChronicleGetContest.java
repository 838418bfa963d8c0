package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.spi.TimeSource;
import java.util.Objects;

/** A get of the off-heap tier beside Chronicle Map's own {@code getUsing}. */
final class ChronicleGetContest implements Contest {
    private final Workload workload = new Workload(Workload.ENTRIES);
    private final LocalTier tier =
            new LocalTier(ChronicleLocal.builder().hotEntries(0).build(), workload);
    private final PlainChronicle plain = new PlainChronicle(workload);
    private final long now = TimeSource.SYSTEM.wallMillis();
    private long ourStep;
    private long peersStep;

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
            bytes += Objects.requireNonNull(plain.getUsing(workload.read(peersStep++))).length;
        }
        return bytes;
    }

    @Override
    public void close() {
        plain.close();
        tier.close();
    }
}
