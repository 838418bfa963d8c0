package io.g2cache.internal;

import io.g2cache.audit.AuditEvent;
import io.g2cache.spi.EncodedKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest of the puts whose values the auditor knows, for it to look up again and again. Used by one thread. */
final class KnownPuts {
    /** About a quarter of a megabyte. */
    private static final int MOST = 1_024;

    private final Map<Place, AuditEvent> events = new LinkedHashMap<>();

    /** A key of a cache. */
    record Place(CacheEngine<?, ?> cache, EncodedKey key) {}

    /** Adds a put, in the place of an older one of its key, or of the one that was looked up longest ago. */
    void add(Place place, AuditEvent event) {
        events.remove(place);
        if (events.size() >= MOST) {
            Iterator<Place> oldest = events.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        events.put(place, event);
    }

    /** The put of a key, if it is known. */
    @Nullable
    AuditEvent of(Place place) {
        return events.get(place);
    }

    /** The next ones in turn. */
    List<Place> next(int most) {
        List<Place> next = new ArrayList<>(most);
        Iterator<Place> all = events.keySet().iterator();
        while (next.size() < most && all.hasNext()) {
            next.add(all.next());
        }
        for (Place place : next) {
            AuditEvent event = events.remove(place);
            if (event != null) {
                events.put(place, event);
            }
        }
        return next;
    }

    /** Forgets what is known of caches that are closed. */
    void forgetClosed() {
        events.keySet().removeIf(place -> place.cache().isRetired());
    }

    /** There is a newer event of the key. */
    void forget(Place place) {
        events.remove(place);
    }
}
