package io.g2cache.it.chaos;

/** The keys of the clients: who writes which, and how. */
final class KeySpace {
    /** More than the local tiers hold, so that they evict. */
    static final int KEYS = 600;

    static final int NODES = 3;
    private static final int FIRST_QUEUED = 400;
    private static final int FIRST_PUT = 500;

    private KeySpace() {}

    /** How a key is written. */
    enum Way {
        /** Any node invalidates it, by itself or by its tag. */
        INVALIDATED,
        /** The same, in a cache whose writes wait while the log is away. */
        QUEUED,
        /** One node puts it, one call at a time. */
        PUT
    }

    static Way way(int key) {
        return key < FIRST_QUEUED ? Way.INVALIDATED : key < FIRST_PUT ? Way.QUEUED : Way.PUT;
    }

    /** Whether a node may write a key. */
    static boolean isWriter(int node, int key) {
        return way(key) != Way.PUT || key % NODES + 1 == node;
    }

    static String name(int key) {
        return "key-" + key;
    }

    static int number(String name) {
        return Integer.parseInt(name.substring("key-".length()));
    }

    /** Some keys share a tag. */
    static String tag(int key) {
        return "tag-" + key % 100;
    }
}
