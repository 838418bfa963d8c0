package io.g2cache;

/**
 * Joins parts into one key. Different parts give different keys: the separator is escaped, and absent parts, empty parts
 * and numbers of different types are told apart only where their text is.
 */
public final class Keys {
    private static final char SEPARATOR = ':';
    private static final char ESCAPE = '\\';

    private Keys() {}

    /**
     * Joins the text of the parts with ':'; a ':' or '\' inside a part is escaped with '\'.
     *
     * @throws InvalidKeyException if there is no part, or a part is null
     */
    public static String join(Object... parts) {
        if (parts.length == 0) {
            throw new InvalidKeyException("a key needs at least 1 part, got 0");
        }
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            Object part = parts[i];
            if (part == null) {
                throw new InvalidKeyException("part " + i + " of " + parts.length + " is null");
            }
            if (i > 0) {
                key.append(SEPARATOR);
            }
            append(key, part.toString());
        }
        return key.toString();
    }

    private static void append(StringBuilder key, String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == SEPARATOR || c == ESCAPE) {
                key.append(ESCAPE);
            }
            key.append(c);
        }
    }
}
