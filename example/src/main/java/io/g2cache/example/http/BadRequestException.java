package io.g2cache.example.http;

/** The caller's fault; becomes an answer with the status and the message. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Creates an exception for a status from 400 to 499. */
    public BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Creates an exception with a cause, which is not shown to the caller. */
    public BadRequestException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The status code. */
    public int status() {
        return status;
    }
}
