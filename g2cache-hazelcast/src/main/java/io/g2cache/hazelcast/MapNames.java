package io.g2cache.hazelcast;

import io.g2cache.spi.OutContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Names of the shared maps of one cache, such as {@code g2cache:shop:prices:gen-1}. Parts are joined by a colon, which
 * they cannot contain: other characters than letters, digits, {@code _ . -} are written as {@code ~} and two hex digits
 * for each UTF-8 byte. Wildcards in a member's configuration, such as {@code g2cache:*}, match them.
 *
 * @param entries map of the entries, or of the progress in the ledger
 * @param floors map of the floors
 */
record MapNames(String entries, String floors) {
    static MapNames of(OutContext context) {
        String suffix =
                ":" + escape(context.namespace()) + ":" + escape(context.cache()) + ":" + escape(context.generation());
        return new MapNames("g2cache" + suffix, "g2cache-floors" + suffix);
    }

    /** The maps of the ledger: progress, and the floors of all caches. */
    static MapNames ledger(OutContext context) {
        String namespace = ":" + escape(context.namespace());
        String generation = ":" + escape(context.generation());
        return new MapNames("g2cache-ledger" + namespace + generation, "g2cache-floors" + namespace + ":" + generation);
    }

    private static String escape(String part) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-');
            escaped.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "~%02x", (int) c));
        }
        return escaped.toString();
    }
}
