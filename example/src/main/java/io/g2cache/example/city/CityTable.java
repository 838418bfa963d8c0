package io.g2cache.example.city;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The queries. Thread-safe; every method takes a connection of the data source, blocks for the round trip and throws
 * {@link SQLException} if the database does not answer.
 *
 * <p>A change is recorded as <i>unpublished</i> in the same transaction, until the cache was told of it: a node that dies
 * in between finds the record when it starts again (a transactional outbox).
 */
public final class CityTable {
    private static final String COLUMNS =
            "id, name, country, feature, admin, population, latitude, longitude, revision";

    private final DataSource source;

    /** Uses the given data source, which stays the caller's. */
    public CityTable(DataSource source) {
        this.source = source;
    }

    /**
     * A committed change.
     *
     * @param city the row as committed
     * @param receipt what {@link #published} takes back
     */
    public record Change(City city, long receipt) {}

    /**
     * A change that the cache may not know of.
     *
     * @param receipt what {@link #published} takes back
     * @param city id of the city
     */
    public record Unpublished(long receipt, long city) {}

    /** The city; null if there is none of this id. */
    public @Nullable City find(long id) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return find(connection, id);
        }
    }

    private static @Nullable City find(Connection connection, long id) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM city WHERE id = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? city(row) : null;
            }
        }
    }

    private static City city(ResultSet row) throws SQLException {
        return new City(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6),
                row.getDouble(7),
                row.getDouble(8),
                row.getLong(9));
    }

    /** Sets the population and commits; null, and nothing changed, if there is no such city. */
    public @Nullable Change update(String node, long id, long population) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Change change = update(connection, node, id, population);
                connection.commit();
                return change;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static @Nullable Change update(Connection connection, String node, long id, long population)
            throws SQLException {
        String sql = "UPDATE city SET population = ?, revision = revision + 1 WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, population);
            update.setLong(2, id);
            if (update.executeUpdate() == 0) {
                return null;
            }
        }
        City city = find(connection, id);
        return city == null ? null : new Change(city, record(connection, node, id));
    }

    private static long record(Connection connection, String node, long id) throws SQLException {
        String sql = "INSERT INTO unpublished (node, city, created) VALUES (?, ?, LOCALTIMESTAMP(3))";
        try (PreparedStatement insert = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, node);
            insert.setLong(2, id);
            insert.executeUpdate();
            try (ResultSet key = insert.getGeneratedKeys()) {
                key.next();
                return key.getLong(1);
            }
        }
    }

    /** Notes that the cache was told of the change. */
    public void published(long receipt) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement delete = connection.prepareStatement("DELETE FROM unpublished WHERE id = ?")) {
            delete.setLong(1, receipt);
            delete.executeUpdate();
        }
    }

    /** Changes of the node that are at least this old and unpublished, oldest first. */
    public List<Unpublished> unpublished(String node, Duration age) throws SQLException {
        String sql = "SELECT id, city FROM unpublished"
                + " WHERE node = ? AND created <= DATEADD(MILLISECOND, ?, LOCALTIMESTAMP(3)) ORDER BY id";
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, node);
            select.setLong(2, -age.toMillis());
            List<Unpublished> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Unpublished(rows.getLong(1), rows.getLong(2)));
                }
            }
            return found;
        }
    }

    /** All cities that were changed since the database was filled, ordered by id. */
    public List<City> changed() throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM city WHERE revision > 0 ORDER BY id";
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            List<City> found = new ArrayList<>();
            while (rows.next()) {
                found.add(city(rows));
            }
            return found;
        }
    }

    /** The ids of all cities, the most populous first. */
    public long[] idsByPopulation() throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id FROM city ORDER BY population DESC, id");
                ResultSet rows = select.executeQuery()) {
            List<Long> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
            return ids.stream().mapToLong(Long::longValue).toArray();
        }
    }
}
