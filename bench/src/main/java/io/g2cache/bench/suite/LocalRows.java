package io.g2cache.bench.suite;

import io.g2cache.bench.LoadBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;

/** Rows that stay within one JVM. */
final class LocalRows {
    private static final StoreKind[] OFF_HEAP = {
        StoreKind.HOT, StoreKind.OFF_HEAP, StoreKind.CHRONICLE, StoreKind.EHCACHE, StoreKind.OHC
    };
    private static final StoreKind[] ON_HEAP = {StoreKind.ON_HEAP, StoreKind.CAFFEINE, StoreKind.MAP, StoreKind.CACHE2K
    };
    private static final String ENTRIES = "entries";
    private static final int FILL_SECONDS_OF_A_MILLION = 8;

    private final List<Row> rows = new ArrayList<>();

    private LocalRows() {}

    static List<Row> all() {
        LocalRows local = new LocalRows();
        local.addHits();
        local.addSizes();
        local.addWrites();
        local.addStorms();
        return List.copyOf(local.rows);
    }

    private void addHits() {
        add("hit off the heap", "get", Map.of(), OFF_HEAP);
        add("hit on the heap", "get", Map.of(), ON_HEAP);
        for (StoreKind store : List.of(StoreKind.HOT, StoreKind.ON_HEAP, StoreKind.CAFFEINE, StoreKind.CHRONICLE)) {
            rows.add(row("hit, 2 threads", "get", Map.of(), store).threads(2));
        }
        add("hit, uniform", "get", Map.of("zipf", "false"), StoreKind.HOT, StoreKind.CHRONICLE, StoreKind.CAFFEINE);
        add("hit, long key", "get", Map.of("keys", "LONG"), StoreKind.HOT, StoreKind.CHRONICLE, StoreKind.CAFFEINE);
        add("hit, 1 KB", "get", Map.of("valueBytes", "1000"), StoreKind.HOT, StoreKind.CHRONICLE);
        add(
                "hit, 10 KB",
                "get",
                Map.of("valueBytes", "10000", ENTRIES, "10000"),
                StoreKind.OFF_HEAP,
                StoreKind.CHRONICLE);
        add("hit, JSON", "get", Map.of("values", "JSON"), StoreKind.OFF_HEAP, StoreKind.OHC);
        add("hit, Avro", "get", Map.of("values", "AVRO"), StoreKind.OFF_HEAP, StoreKind.OHC);
        add("hit, tag check", "get", Map.of(), StoreKind.TAGGED);
        add("bulk hit of 100", "getAll", Map.of(), StoreKind.HOT, StoreKind.CAFFEINE, StoreKind.CACHE2K);
        for (StoreKind store : List.of(StoreKind.HOT, StoreKind.CAFFEINE)) {
            rows.add(row("hit, single calls", "get", Map.of(), store).timed(Mode.SampleTime, TimeUnit.NANOSECONDS));
        }
    }

    private void addSizes() {
        add("hit, 1k entries", "get", Map.of(ENTRIES, "1000"), StoreKind.HOT, StoreKind.CAFFEINE);
        for (StoreKind store : List.of(StoreKind.HOT, StoreKind.CHRONICLE, StoreKind.CAFFEINE)) {
            rows.add(row("hit, 1M entries", "get", Map.of(ENTRIES, "1000000"), store)
                    .settingUp(FILL_SECONDS_OF_A_MILLION));
            rows.add(row("hit, 5M entries", "get", Map.of(ENTRIES, "5000000"), store)
                    .settingUp(5 * FILL_SECONDS_OF_A_MILLION));
        }
    }

    private void addWrites() {
        add("local put off the heap", "put", Map.of(), OFF_HEAP);
        add("local put on the heap", "put", Map.of(), StoreKind.ON_HEAP, StoreKind.CAFFEINE, StoreKind.CACHE2K);
        add("local load", "load", Map.of(), StoreKind.HOT, StoreKind.ON_HEAP, StoreKind.CAFFEINE);
        add(
                "local put, then invalidate",
                "invalidate",
                Map.of(),
                StoreKind.HOT,
                StoreKind.CHRONICLE,
                StoreKind.CAFFEINE);
        for (StoreKind store : List.of(StoreKind.HOT, StoreKind.CHRONICLE, StoreKind.CAFFEINE)) {
            rows.add(row("local clear of 10k entries", "clear", Map.of(ENTRIES, "10000"), store)
                    .timed(Mode.AverageTime, TimeUnit.MICROSECONDS));
        }
    }

    private void addStorms() {
        storm("16 readers of an absent key", "singleFlight", TimeUnit.MICROSECONDS);
        storm("read of soft-expired values", "softExpired", TimeUnit.NANOSECONDS);
    }

    private void storm(String thing, String method, TimeUnit unit) {
        rows.add(Row.of(Group.LOCAL, thing, StoreKind.HOT.side(), LoadBenchmark.class, method, Map.of("ours", "true"))
                .timed(Mode.SampleTime, unit));
        rows.add(Row.of(
                        Group.LOCAL,
                        thing,
                        StoreKind.CAFFEINE.side(),
                        LoadBenchmark.class,
                        method,
                        Map.of("ours", "false"))
                .timed(Mode.SampleTime, unit));
    }

    private void add(String thing, String method, Map<String, String> params, StoreKind... stores) {
        for (StoreKind store : stores) {
            rows.add(row(thing, method, params, store));
        }
    }

    private static Row row(String thing, String method, Map<String, String> params, StoreKind store) {
        Map<String, String> all = new TreeMap<>(params);
        all.put("store", store.name());
        return Row.of(Group.LOCAL, thing, store.side(), LocalBenchmark.class, method, all);
    }
}
