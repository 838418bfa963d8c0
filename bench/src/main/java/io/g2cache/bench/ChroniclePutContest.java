package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;

/** A put of the off-heap tier, over an entry of the same size, beside Chronicle Map's own. */
final class ChroniclePutContest implements Contest {
    private final Workload workload = new Workload(Workload.ENTRIES);
    private final byte[] stored = LocalTier.stored(workload.value(0));
    private final LocalTier tier =
            new LocalTier(ChronicleLocal.builder().hotEntries(0).build(), workload);
    private final PlainChronicle plain = new PlainChronicle(workload);
    private long ourStep;
    private long peersStep;

    @Override
    public long ours(long steps) {
        long refused = 0;
        for (long i = 0; i < steps; i++) {
            refused += tier.put(workload.read(ourStep++), stored) ? 0 : 1;
        }
        if (refused > 0) {
            throw new IllegalStateException("the tier refused puts=" + refused + " of " + steps);
        }
        return ourStep;
    }

    @Override
    public long peers(long steps) {
        for (long i = 0; i < steps; i++) {
            plain.put(workload.read(peersStep++), stored);
        }
        return peersStep;
    }

    @Override
    public void close() {
        plain.close();
        tier.close();
    }
}
