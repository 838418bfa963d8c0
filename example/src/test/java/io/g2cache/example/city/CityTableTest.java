package io.g2cache.example.city;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One database for all tests, over TCP; each test changes cities of its own. */
class CityTableTest {
    private static final long LONDON = 2643743;
    private static final long PARIS = 2988507;
    private static final long BERLIN = 2950159;

    private static CityDatabase database;
    private static JdbcConnectionPool connections;
    private static CityTable table;

    @BeforeAll
    static void start() throws SQLException {
        database = CityDatabase.start("secret");
        CityDatabase.Credentials credentials = database.credentials();
        connections = JdbcConnectionPool.create(credentials.url(), credentials.user(), credentials.password());
        table = new CityTable(connections);
    }

    @AfterAll
    static void stop() throws SQLException {
        connections.dispose();
        database.close();
    }

    @Test
    void findsRowsAndMissesOthers() throws SQLException {
        assertThat(table.find(LONDON).name()).isEqualTo("London");
        assertThat(table.find(-1)).isNull();
    }

    @Test
    void ranksAllRowsByPopulation() throws SQLException {
        long[] ranked = table.idsByPopulation();

        assertThat(ranked).hasSize(135_233).startsWith(1796236L);
    }

    @Test
    void countsRevisionsAndRemembersWhatIsUnpublished() throws SQLException {
        CityTable.Change first = table.update("A", PARIS, 1);
        CityTable.Change second = table.update("A", PARIS, 2);

        assertThat(second.city().population()).isEqualTo(2);
        assertThat(second.city().revision()).isEqualTo(2);
        assertThat(table.find(PARIS)).isEqualTo(second.city());
        assertThat(table.changed()).contains(second.city());
        assertThat(table.unpublished("B", Duration.ZERO)).isEmpty();
        assertThat(table.unpublished("A", Duration.ofHours(1))).isEmpty();
        table.published(first.receipt());
        assertThat(table.unpublished("A", Duration.ZERO))
                .containsExactly(new CityTable.Unpublished(second.receipt(), PARIS));
    }

    @Test
    void changesNothingWhereThereIsNoRow() throws SQLException {
        assertThat(table.update("C", -1, 5)).isNull();
        assertThat(table.unpublished("C", Duration.ZERO)).isEmpty();
    }

    @Test
    void rollsBackWhatFails() throws SQLException {
        assertThatThrownBy(() -> table.update("n".repeat(65), BERLIN, 5)).isInstanceOf(SQLException.class);

        assertThat(table.find(BERLIN).revision()).isZero();
        assertThat(table.changed()).extracting(City::id).doesNotContain(BERLIN);
    }

    @Test
    void keepsThePasswordOutOfTheText() {
        assertThat(database.credentials()).asString().doesNotContain("secret").contains("127.0.0.1");
    }
}
