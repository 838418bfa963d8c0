package io.g2cache.audit.server;

/**
 * An answer.
 *
 * @param text one line of JSON
 * @param goesOn whether the caller may ask more; not after an error
 */
record Answer(String text, boolean goesOn) {
    static Answer of(JsonText json) {
        return new Answer(json.toString(), true);
    }

    static Answer error(String message) {
        return new Answer(new JsonText().put("error", message).toString(), false);
    }
}
