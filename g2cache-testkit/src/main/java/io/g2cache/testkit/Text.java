package io.g2cache.testkit;

import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.Hash64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Entries and events as text that is equal exactly where they are: records with arrays compare those by identity. */
final class Text {
    private static final int SHOWN_BYTES = 40;

    private Text() {}

    static String of(@Nullable Entry entry) {
        return entry == null ? "none" : entry.kind() + " version=" + entry.version() + " " + content(entry);
    }

    /** Without the version. */
    private static String content(Entry entry) {
        return "soft=" + entry.softDeadline() + " hard=" + entry.hardDeadline() + " value=" + of(entry.value());
    }

    /** The version of the entry is left out where it means nothing. */
    static String of(Event event) {
        if (event instanceof Event.Put put) {
            return "PUT " + put.cache() + " key=" + of(put.key()) + " origin=" + put.origin() + " "
                    + put.entry().kind() + " " + content(put.entry());
        }
        if (event instanceof Event.Invalidate invalidate) {
            return "INVALIDATE " + invalidate.cache() + " key=" + of(invalidate.key()) + " origin="
                    + invalidate.origin();
        }
        if (event instanceof Event.Clear clear) {
            return "CLEAR " + clear.cache() + " origin=" + clear.origin();
        }
        if (event instanceof Event.Loaded loaded) {
            return "LOADED " + loaded.cache() + " key=" + of(loaded.key()) + " origin=" + loaded.origin() + " "
                    + of(loaded.entry());
        }
        return event.toString();
    }

    private static String of(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "none";
        }
        HexFormat hex = HexFormat.of();
        return bytes.length <= SHOWN_BYTES
                ? hex.formatHex(bytes)
                : hex.formatHex(bytes, 0, SHOWN_BYTES) + "…#" + Hash64.hash(bytes, 0) + "/" + bytes.length;
    }
}
