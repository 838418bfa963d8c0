package io.g2cache.audit.server;

import java.util.Collection;
import java.util.List;

/** Writes one JSON object, so that services need no library for it. Not thread-safe. */
final class JsonText {
    private final StringBuilder text = new StringBuilder("{");

    JsonText put(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    JsonText put(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    JsonText put(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    JsonText put(String name, JsonText object) {
        name(name);
        text.append(object);
        return this;
    }

    JsonText putStrings(String name, Collection<String> values) {
        name(name);
        String comma = "[";
        for (String value : values) {
            text.append(comma);
            quote(value);
            comma = ",";
        }
        text.append(values.isEmpty() ? "[]" : "]");
        return this;
    }

    JsonText putObjects(String name, List<JsonText> objects) {
        name(name);
        text.append('[');
        for (int i = 0; i < objects.size(); i++) {
            text.append(i == 0 ? "" : ",").append(objects.get(i));
        }
        text.append(']');
        return this;
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(name);
        text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
