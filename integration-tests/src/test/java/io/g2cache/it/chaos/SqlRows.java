package io.g2cache.it.chaos;

import io.g2cache.it.chaos.SqlTruth.Phase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What a node's process does with the database. Thread-safe: each thread has a connection of its own, and commits at once. */
final class SqlRows {
    private final String url;
    private final String password;
    private final ThreadLocal<Connection> connections = new ThreadLocal<>();

    SqlRows(String url, String password) {
        this.url = url;
        this.password = password;
    }

    /** A token, and the version that it proves. */
    record Token(String text, long version) {}

    private PreparedStatement statement(String sql) throws SQLException {
        Connection connection = connections.get();
        if (connection == null) {
            connection = DriverManager.getConnection(url, SqlTruth.USER, password);
            connections.set(connection);
        }
        return connection.prepareStatement(sql);
    }

    /** The version of a key's row. */
    long read(int key) throws SQLException {
        try (PreparedStatement query = statement("SELECT version FROM truth WHERE id = ?")) {
            query.setInt(1, key);
            return number(query);
        }
    }

    /** Changes a key's row, and returns its new version. */
    long update(int key) throws SQLException {
        try (PreparedStatement update =
                statement("SELECT version FROM FINAL TABLE (UPDATE truth SET version = version + 1 WHERE id = ?)")) {
            update.setInt(1, key);
            return number(update);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet found = query.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    /** Hands a token to the other nodes, unless they have that of a newer version. */
    void handOut(int key, Token token) throws SQLException {
        try (PreparedStatement update =
                statement("UPDATE truth SET token = ?, token_version = ? WHERE id = ? AND token_version < ?")) {
            update.setString(1, token.text());
            update.setLong(2, token.version());
            update.setInt(3, key);
            update.setLong(4, token.version());
            update.executeUpdate();
        }
    }

    /** The newest token of a key; version 0 where there is none. */
    Token token(int key) throws SQLException {
        try (PreparedStatement query = statement("SELECT token, token_version FROM truth WHERE id = ?")) {
            query.setInt(1, key);
            try (ResultSet found = query.executeQuery()) {
                found.next();
                return found.getLong(2) == 0 ? new Token("", 0) : new Token(found.getString(1), found.getLong(2));
            }
        }
    }

    /** Tells how a node is, and returns what it should do. */
    Phase report(Sample sample, String done) throws SQLException {
        try (PreparedStatement update = statement("MERGE INTO node KEY (number) VALUES (?, ?, ?, ?, ?, ?)")) {
            update.setInt(1, sample.node());
            update.setInt(2, sample.life());
            update.setLong(3, sample.time());
            update.setString(4, sample.state());
            update.setLong(5, sample.queued());
            update.setString(6, done);
            update.executeUpdate();
        }
        try (PreparedStatement query = statement("SELECT phase FROM run");
                ResultSet found = query.executeQuery()) {
            found.next();
            return Phase.valueOf(found.getString(1));
        }
    }
}
