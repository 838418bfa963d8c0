package io.g2cache.it.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * The database that is the truth: H2 in this JVM, which the nemesis spares, and its server for the nodes' processes, on a free
 * port of the loopback interface. Besides the rows it holds the phase that the nodes follow, and how far each has come. Used by one
 * thread.
 */
final class SqlTruth implements AutoCloseable {
    static final String USER = "chaos";
    private static final String SCHEMA = """
            CREATE TABLE truth (
                id INT PRIMARY KEY,
                version BIGINT NOT NULL,
                token VARCHAR(4000),
                token_version BIGINT NOT NULL);
            CREATE TABLE run (phase VARCHAR(20) NOT NULL);
            CREATE TABLE node (
                number INT PRIMARY KEY,
                life INT NOT NULL,
                clock BIGINT NOT NULL,
                state VARCHAR(20) NOT NULL,
                queued BIGINT NOT NULL,
                done VARCHAR(20) NOT NULL);
            """;

    private final Connection connection;
    private final Server server;
    private final String url;
    private final String password;

    private SqlTruth(Connection connection, Server server, String url, String password) {
        this.connection = connection;
        this.server = server;
        this.url = url;
        this.password = password;
    }

    /** Starts the database, with a row at version 1 for every key. */
    static SqlTruth start() throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        String database = "mem:chaos-" + UUID.randomUUID() + ";LOCK_TIMEOUT=10000";
        String password = UUID.randomUUID().toString();
        Connection connection = DriverManager.getConnection("jdbc:h2:" + database, USER, password);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            statement.execute(
                    "INSERT INTO truth SELECT x, 1, NULL, 0 FROM system_range(0, " + (KeySpace.KEYS - 1) + ")");
            statement.execute("INSERT INTO run VALUES ('" + Phase.WORK + "')");
            Server server = Server.createTcpServer("-tcpPort", "0").start();
            String url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + database;
            return new SqlTruth(connection, server, url, password);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** What the nodes do. */
    enum Phase {
        /** Clients read and write. */
        WORK,
        /** Nobody calls. */
        REST,
        /** Every key is read, and then nobody calls. */
        FINAL
    }

    String url() {
        return url;
    }

    String password() {
        return password;
    }

    /** Sends all nodes into a phase. */
    void phase(Phase phase) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE run SET phase = ?")) {
            update.setString(1, phase.name());
            update.executeUpdate();
        }
    }

    /**
     * How many of the nodes 1 to 3 have told within the last second that they are ready, have nothing queued, and have done what
     * the phase wants.
     */
    int done(Phase phase) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT count(*) FROM node WHERE number <= ? AND state = ? AND queued = 0 AND done = ? AND clock > ?")) {
            query.setInt(1, KeySpace.NODES);
            query.setString(2, Sample.READY);
            query.setString(3, phase.name());
            query.setLong(4, System.nanoTime() - 1_000_000_000L);
            return number(query);
        }
    }

    /** Whether this node has done what the phase wants. */
    boolean isDone(int node, Phase phase) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT count(*) FROM node WHERE number = ? AND done = ?")) {
            query.setInt(1, node);
            query.setString(2, phase.name());
            return number(query) == 1;
        }
    }

    private static int number(PreparedStatement query) throws SQLException {
        try (ResultSet found = query.executeQuery()) {
            found.next();
            return found.getInt(1);
        }
    }

    @Override
    public void close() throws SQLException {
        server.stop();
        connection.close();
    }
}
