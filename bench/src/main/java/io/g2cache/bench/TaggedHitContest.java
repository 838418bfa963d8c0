package io.g2cache.bench;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.chronicle.ChronicleLocal;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** An off-heap hit of entries with a tag, after other tags were invalidated, beside the same without tags. */
final class TaggedHitContest implements Contest {
    private static final int INVALIDATED_TAGS = 1_000;

    private final Workload workload = new Workload(Workload.ENTRIES);
    private final LocalNode tagged = node(spec -> spec.tags((key, value) -> List.of(key)));
    private final LocalNode plain = node(spec -> spec);
    private long ourStep;
    private long peersStep;

    TaggedHitContest() {
        for (int i = 0; i < INVALIDATED_TAGS; i++) {
            tagged.invalidateTag("other " + i);
        }
    }

    private LocalNode node(UnaryOperator<CacheSpecBuilder<String, byte[]>> change) {
        return new LocalNode(ChronicleLocal.builder().hotEntries(0).build(), workload, change);
    }

    @Override
    public long ours(long steps) {
        long bytes = 0;
        for (long i = 0; i < steps; i++) {
            bytes += Objects.requireNonNull(tagged.get(workload.read(ourStep++))).length;
        }
        return bytes;
    }

    @Override
    public long peers(long steps) {
        long bytes = 0;
        for (long i = 0; i < steps; i++) {
            bytes += Objects.requireNonNull(plain.get(workload.read(peersStep++))).length;
        }
        return bytes;
    }

    @Override
    public void close() {
        plain.close();
        tagged.close();
    }
}
