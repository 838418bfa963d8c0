package io.g2cache.bench;

import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** Opens Chronicle Map for the first time in this JVM, by itself, and prints the milliseconds until a value is there. */
final class StartProbe {
    private static final double NANOS_PER_MILLI = 1e6;

    private StartProbe() {}

    public static void main(String[] args) {
        long start = System.nanoTime();
        ChronicleMap<String, byte[]> map = ChronicleMapBuilder.of(String.class, byte[].class)
                .averageKey("key-12345678")
                .averageValueSize(Workload.VALUE_BYTES)
                .entries(1_000)
                .create();
        map.put("key", new byte[Workload.VALUE_BYTES]);
        System.out.println((System.nanoTime() - start) / NANOS_PER_MILLI);
        System.exit(map.size() == 1 ? 0 : 1);
    }
}
