package io.g2cache.example.node;

import io.g2cache.G2CacheException;
import io.g2cache.LoadException;
import io.g2cache.SyncLogException;
import io.g2cache.example.http.Reply;
import java.sql.SQLException;
import java.util.Optional;

/** What goes wrong in a node, as answers of HTTP. Stateless. */
final class NodeErrors {
    private NodeErrors() {}

    /** The answer; empty for an error that is nobody's but ours. */
    static Optional<Reply> translate(Exception error) {
        if (error instanceof SyncLogException log) {
            String outcome = log.outcome() == SyncLogException.Outcome.UNKNOWN ? "it is unknown whether" : "not";
            return Optional.of(Reply.error(503, "the log did not answer, " + outcome + " done: " + log.getMessage()));
        }
        if (error instanceof LoadException || error instanceof SQLException) {
            return Optional.of(Reply.error(502, "the database did not answer: " + error.getMessage()));
        }
        if (error instanceof G2CacheException) {
            return Optional.of(Reply.error(503, String.valueOf(error.getMessage())));
        }
        return Optional.empty();
    }
}
