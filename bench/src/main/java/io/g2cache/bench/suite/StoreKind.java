package io.g2cache.bench.suite;

import io.g2cache.OnHeapLocal;
import io.g2cache.chronicle.ChronicleLocal;
import java.util.List;

/** The stores that rows name. */
@SuppressWarnings("ImmutableEnumChecker") // sides are
enum StoreKind {
    /** Our node off the heap, as it is by default: with its hot layer. */
    HOT(Side.ours("off-heap, hot layer")),
    /** Our node off the heap without the hot layer. */
    OFF_HEAP(Side.ours("off-heap")),
    /** Our node on the heap. */
    ON_HEAP(Side.ours("on-heap")),
    /** Our node off the heap without the hot layer, every entry with a tag of its own, another tag having been invalidated. */
    TAGGED(Side.ours("off-heap, tagged")),
    /** Caffeine. */
    CAFFEINE(Side.peer("Caffeine")),
    /** The JDK's map. */
    MAP(Side.peer("ConcurrentHashMap")),
    /** Chronicle Map; values are bytes. */
    CHRONICLE(Side.peer("Chronicle Map")),
    /** Ehcache off the heap. */
    EHCACHE(Side.peer("Ehcache off-heap")),
    /** OHC. */
    OHC(Side.peer("OHC")),
    /** cache2k. */
    CACHE2K(Side.peer("cache2k"));

    private final Side side;

    StoreKind(Side side) {
        this.side = side;
    }

    Side side() {
        return side;
    }

    Store<Object, Object> open(Shape<Object, Object> shape, Object anyKey) {
        return switch (this) {
            case HOT -> new OurStore<>(ChronicleLocal.builder().build(), shape, spec -> spec);
            case OFF_HEAP ->
                new OurStore<>(ChronicleLocal.builder().hotEntries(0).build(), shape, spec -> spec);
            case ON_HEAP -> new OurStore<>(new OnHeapLocal(), shape, spec -> spec);
            case TAGGED -> {
                OurStore<Object, Object> tagged = new OurStore<>(
                        ChronicleLocal.builder().hotEntries(0).build(),
                        shape,
                        spec -> spec.tags((key, value) -> List.of(key.toString())));
                tagged.invalidateTag("of no entry");
                yield tagged;
            }
            case CAFFEINE -> new CaffeineStore<>(shape);
            case MAP -> new MapStore<>();
            case CHRONICLE -> chronicle(shape, anyKey);
            case EHCACHE -> new EhcacheStore<>(shape);
            case OHC -> new OhcStore<>(shape);
            case CACHE2K -> new Cache2kStore<>(shape);
        };
    }

    @SuppressWarnings("unchecked")
    private static Store<Object, Object> chronicle(Object shape, Object anyKey) {
        Object store = new ChronicleStore<>((Shape<Object, byte[]>) shape, anyKey);
        return (Store<Object, Object>) store;
    }
}
