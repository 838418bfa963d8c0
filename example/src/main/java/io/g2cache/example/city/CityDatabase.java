package io.g2cache.example.city;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.tools.Server;

/**
 * The one SQL database of all nodes: H2 in server mode, on a free port of the loopback interface, held in memory and
 * filled with {@link CityData}.
 *
 * <p>Not thread-safe. Closing it drops the database.
 */
public final class CityDatabase implements AutoCloseable {
    private static final String NAME = "mem:cities;LOCK_TIMEOUT=5000";
    private static final int BATCH = 2_000;
    private static final String SCHEMA = """
            CREATE TABLE city (
                id BIGINT PRIMARY KEY,
                name VARCHAR(200) NOT NULL,
                country VARCHAR(2) NOT NULL,
                feature VARCHAR(10) NOT NULL,
                admin VARCHAR(20) NOT NULL,
                population BIGINT NOT NULL,
                latitude DOUBLE PRECISION NOT NULL,
                longitude DOUBLE PRECISION NOT NULL,
                revision BIGINT NOT NULL);
            CREATE TABLE unpublished (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                node VARCHAR(64) NOT NULL,
                city BIGINT NOT NULL,
                created TIMESTAMP(3) NOT NULL);
            """;

    private final Connection keeper;
    private final Server server;
    private final Credentials credentials;

    private CityDatabase(Connection keeper, Server server, Credentials credentials) {
        this.keeper = keeper;
        this.server = server;
        this.credentials = credentials;
    }

    /**
     * How to connect.
     *
     * @param url JDBC URL
     * @param user name of the user
     * @param password the password, made anew for each database
     */
    public record Credentials(String url, String user, String password) {
        @Override
        public String toString() {
            return "Credentials[url=" + url + ", user=" + user + "]";
        }
    }

    /**
     * Creates and fills the database and starts its server.
     *
     * @param password password of the only user, who may do everything
     * @throws SQLException if that fails
     */
    public static CityDatabase start(String password) throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        Connection keeper = DriverManager.getConnection("jdbc:h2:" + NAME, "demo", password);
        try {
            fill(keeper);
            Server server = Server.createTcpServer("-tcpPort", "0").start();
            String url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + NAME;
            return new CityDatabase(keeper, server, new Credentials(url, "demo", password));
        } catch (SQLException | RuntimeException e) {
            keeper.close();
            throw e;
        }
    }

    private static void fill(Connection connection) throws SQLException {
        try (Statement schema = connection.createStatement()) {
            schema.execute(SCHEMA);
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)")) {
            Rows rows = new Rows(insert);
            CityData.forEach(rows::add);
            rows.flush();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** How the nodes connect. */
    public Credentials credentials() {
        return credentials;
    }

    @Override
    public void close() throws SQLException {
        server.stop();
        keeper.close();
    }

    /** Sends rows in batches. */
    private static final class Rows {
        private final PreparedStatement insert;
        private int waiting;

        Rows(PreparedStatement insert) {
            this.insert = insert;
        }

        void add(City city) {
            try {
                insert.setLong(1, city.id());
                insert.setString(2, city.name());
                insert.setString(3, city.country());
                insert.setString(4, city.feature());
                insert.setString(5, city.admin());
                insert.setLong(6, city.population());
                insert.setDouble(7, city.latitude());
                insert.setDouble(8, city.longitude());
                insert.addBatch();
                if (++waiting == BATCH) {
                    flush();
                }
            } catch (SQLException e) {
                throw new IllegalStateException("cannot insert city id=" + city.id(), e);
            }
        }

        void flush() throws SQLException {
            insert.executeBatch();
            waiting = 0;
        }
    }
}
