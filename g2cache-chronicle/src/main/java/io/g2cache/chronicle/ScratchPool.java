package io.g2cache.chronicle;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The scratches of virtual threads. Those run on few carriers and give it up only where they wait for a lock, so that few are
 * in use at a time, however many threads there are; what does not fit is dropped.
 *
 * <p>Concurrency: a place is emptied by a swap and filled by a compare-and-set, so that a scratch has one owner.
 */
final class ScratchPool {
    private static final int LEAST_PLACES = 16;
    private static final int PLACES_PER_PROCESSOR = 4;

    private final AtomicReferenceArray<@Nullable Scratch> places;

    ScratchPool() {
        int wanted = Runtime.getRuntime().availableProcessors() * PLACES_PER_PROCESSOR;
        places = new AtomicReferenceArray<>(Math.max(LEAST_PLACES, wanted));
    }

    Scratch take() {
        int start = start();
        for (int i = 0; i < places.length(); i++) {
            int place = (start + i) % places.length();
            if (places.getPlain(place) != null) {
                Scratch scratch = places.getAndSet(place, null);
                if (scratch != null) {
                    return scratch;
                }
            }
        }
        return new Scratch();
    }

    void giveBack(Scratch scratch) {
        int start = start();
        for (int i = 0; i < places.length(); i++) {
            int place = (start + i) % places.length();
            if (places.getPlain(place) == null && places.compareAndSet(place, null, scratch)) {
                return;
            }
        }
    }

    /** How many nobody uses just now. */
    int size() {
        int size = 0;
        for (int place = 0; place < places.length(); place++) {
            size += places.get(place) == null ? 0 : 1;
        }
        return size;
    }

    private int start() {
        return (int) (Thread.currentThread().getId() % places.length());
    }
}
