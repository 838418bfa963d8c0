package io.g2cache.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * Says why a Kafka client failed. Where the brokers refused it, that is the operation and the resource that the user may not
 * touch; where a connection could not be made, it is what each cause adds. Kafka's messages hold no secrets, and no settings
 * are added to them.
 */
final class Denials {
    private static final int DEEPEST = 20;

    private Denials() {}

    /** The failure without the wrappings of futures. */
    static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * What to say of a failure.
     *
     * @param needed operation and resource that the call needs, as an ACL names them; null where it needs none
     */
    static String message(Throwable failure, @Nullable String needed) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof GroupAuthorizationException denied) {
            return message + " (needs the ACL: Read on group " + denied.groupId() + ")";
        }
        if (failure instanceof AuthorizationException) {
            return needed == null ? message : message + " (needs the ACL: " + needed + ")";
        }
        String reason = withCauses(message, failure);
        return failure instanceof SslAuthenticationException
                ? reason + " (check ssl.truststore.* and the names in the brokers' certificates)"
                : reason;
    }

    /** What each cause adds to what is said already. */
    private static String withCauses(String message, Throwable failure) {
        StringBuilder said = new StringBuilder(message);
        Throwable cause = failure.getCause();
        for (int i = 0; i < DEEPEST && cause != null; i++) {
            String more = String.valueOf(cause.getMessage());
            if (said.indexOf(more) < 0 && !more.startsWith(cause.getCause() + "")) {
                said.append(": ");
                if (!(cause instanceof KafkaException)) {
                    said.append(cause.getClass().getSimpleName()).append(": ");
                }
                said.append(more);
            }
            cause = cause.getCause();
        }
        return said.toString();
    }
}
