package io.g2cache.bench.suite;

import io.g2cache.bench.Heap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Fills a store, and prints by how many MB the heap after a full collection and the process's memory have grown. Arguments: name
 * of a {@link StoreKind}, entries, bytes of a value.
 */
final class MemoryProbe {
    private static final double BYTES_PER_MB = 1e6;
    private static final double KB_PER_MB = 1e3;

    private MemoryProbe() {}

    public static void main(String[] arguments) throws IOException {
        int entries = Integer.parseInt(arguments[1]);
        int bytes = Integer.parseInt(arguments[2]);
        KeyKind keys = KeyKind.STRING;
        StoreKind kind = StoreKind.valueOf(arguments[0]);
        double heap = Heap.usedBytes() / BYTES_PER_MB;
        double process = processMegabytes();
        Store<Object, Object> store = kind.open(keys.shape(ValueKind.RAW, entries, bytes), keys.key(0));
        for (int rank = 0; rank < entries; rank++) {
            store.put(keys.key(rank), ValueKind.RAW.value(rank, bytes));
        }
        int found = 0;
        for (int rank = 0; rank < entries; rank++) {
            found += store.get(keys.key(rank)) == null ? 0 : 1;
        }
        if (found != entries) {
            throw new IllegalStateException(kind + " holds entries=" + found + " of " + entries);
        }
        double filledHeap = Heap.usedBytes() / BYTES_PER_MB;
        System.out.println((filledHeap - heap) + " " + (processMegabytes() - process));
        Objects.requireNonNull(store.get(keys.key(1)));
        System.exit(0);
    }

    /** What of the process is in the machine's memory; not a number where the system does not tell. */
    private static double processMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KB_PER_MB)
                .findFirst()
                .orElse(Double.NaN);
    }
}
