package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;

/** Opens the off-heap tier for the first time in this JVM and prints the milliseconds until a value is there. */
final class TierStartProbe {
    private static final double NANOS_PER_MILLI = 1e6;

    private TierStartProbe() {}

    public static void main(String[] args) {
        long start = System.nanoTime();
        LocalTier tier = new LocalTier(ChronicleLocal.builder().build(), 1_000);
        tier.put("key", LocalTier.stored(new byte[Workload.VALUE_BYTES]));
        System.out.println((System.nanoTime() - start) / NANOS_PER_MILLI);
        System.exit(tier.get("key") == null ? 1 : 0);
    }
}
