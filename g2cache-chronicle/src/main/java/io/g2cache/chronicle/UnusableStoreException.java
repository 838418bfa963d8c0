package io.g2cache.chronicle;

/** What lies in a store's directory is not to be used; the message says why. The tier starts empty then. */
final class UnusableStoreException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableStoreException(String message) {
        super(message);
    }

    UnusableStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
