package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a log record that are filtered, counted and shown.
 *
 * @param kind name of the kind of event, in capitals
 * @param cache name of the cache, where it concerns one
 * @param key encoded key, where it concerns one
 * @param origin id of the node that wrote it; empty where that is not known
 * @param entry the value that it carries, if any
 * @param detail what else it says, if anything
 */
record EventFields(
        String kind,
        @Nullable String cache,
        byte @Nullable [] key,
        String origin,
        @Nullable Entry entry,
        @Nullable String detail) {
    static final String MARKER = "MARKER";

    private static final ClassValue<String> KINDS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> event) {
            return event.getSimpleName().toUpperCase(Locale.ROOT);
        }
    };

    /** What cannot be decoded. */
    static final String UNREADABLE = kind(Event.Unreadable.class);

    static EventFields of(LogRecord found) {
        Event event = found.event();
        return event == null ? new EventFields(MARKER, null, null, "", null, found.marker()) : of(event);
    }

    /** One case for each kind of event; a kind without a case is shown as its class describes itself. */
    private static EventFields of(Event event) {
        String kind = kind(event.getClass());
        String origin = event.origin();
        if (event instanceof Event.Put put) {
            return new EventFields(kind, put.cache(), put.key(), origin, put.entry(), null);
        } else if (event instanceof Event.Invalidate invalidate) {
            return new EventFields(kind, invalidate.cache(), invalidate.key(), origin, null, null);
        } else if (event instanceof Event.Loaded loaded) {
            String stamp = "stamp=" + loaded.entry().version();
            return new EventFields(kind, loaded.cache(), loaded.key(), origin, loaded.entry(), stamp);
        } else if (event instanceof Event.Clear clear) {
            return new EventFields(kind, clear.cache(), null, origin, null, null);
        } else if (event instanceof Event.Tag tag) {
            return new EventFields(kind, tag.cache(), null, origin, null, "tag=" + tag.tag());
        } else if (event instanceof Event.Redo redo) {
            return new EventFields(kind, null, null, origin, null, "from=" + redo.from() + " to=" + redo.to());
        } else if (event instanceof Event.Probe) {
            return new EventFields(kind, null, null, origin, null, null);
        } else if (event instanceof Event.Unreadable unreadable) {
            return new EventFields(
                    kind, unreadable.cache(), unreadable.key(), origin, null, "reason: " + unreadable.reason());
        }
        return new EventFields(kind, null, null, origin, null, event.toString());
    }

    private static String kind(Class<?> event) {
        return KINDS.get(event);
    }

    /** The names of all kinds. */
    static Set<String> kinds() {
        return Stream.concat(Stream.of(Event.class.getPermittedSubclasses()).map(EventFields::kind), Stream.of(MARKER))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
