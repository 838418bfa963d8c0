package io.g2cache.bench;

import io.g2cache.OnHeapLocal;
import io.g2cache.chronicle.ChronicleLocal;
import java.util.ArrayList;
import java.util.List;

/** The group {@code local}: what hits, entries, threads and starts cost, beside the library underneath, and how many hits there are. */
final class LocalFigures {
    private LocalFigures() {}

    /** In the order in which they are measured. */
    static List<Figure> all() {
        List<Figure> figures = new ArrayList<>(List.of(
                new RatioFigure("on-heap hit through the engine / Caffeine get", 2, OnHeapHitContest::new),
                new RatioFigure(
                        "on-heap hit through the engine / tier get with its clock",
                        1.15,
                        () -> new EngineHitContest(OnHeapLocal::new)),
                new RatioFigure("off-heap tier get / Chronicle getUsing", 1.25, ChronicleGetContest::new),
                new RatioFigure("hot hit of the off-heap tier / Caffeine get", 2, HotHitContest::new),
                new RatioFigure("off-heap tier put / Chronicle put", 1.6, ChroniclePutContest::new),
                new RatioFigure(
                        "off-heap hit through the engine / tier get with its clock",
                        1.15,
                        () -> new EngineHitContest(
                                () -> ChronicleLocal.builder().hotEntries(0).build())),
                new RatioFigure("off-heap hit of an entry with a tag / without tags", 1.25, TaggedHitContest::new),
                new ScalingFigure(),
                AllocationFigure.text(),
                AllocationFigure.number(),
                new StartFigure(),
                new ReopenFigure("reopening 1M entries after a clean end, seconds", 2, false),
                new ReopenFigure("reopening 1M entries after kill -9, seconds", 30, true)));
        figures.addAll(HeapFigure.all());
        if (ThreadsFigure.isPossible()) {
            figures.add(new ThreadsFigure());
        }
        figures.addAll(HitRateFigure.all());
        return figures;
    }
}
