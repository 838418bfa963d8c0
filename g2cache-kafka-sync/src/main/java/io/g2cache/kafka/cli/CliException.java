package io.g2cache.kafka.cli;

/** A command cannot do what it was asked to; the message is all that the user sees. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CliException(String message) {
        super(message);
    }

    CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
