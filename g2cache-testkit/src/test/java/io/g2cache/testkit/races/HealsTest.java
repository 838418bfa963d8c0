package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.Lifetime;
import io.g2cache.WriteToken;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A put that comes to the out tier when a newer event has been there, and is not there any more. */
final class HealsTest {
    private static final String KEY = "key";
    private static final int MORE_THAN_ANYBODY_REMEMBERS = 4_000;

    private final TwoNodes nodes =
            new TwoNodes(Settings.byHand(1).with(spec -> spec.lifetime(Lifetime.of(Duration.ofHours(1)))));
    private TestNode writer = nodes.node(0);

    @AfterEach
    void close() {
        nodes.close();
    }

    private boolean materialises(TestNode node) {
        for (int i = 0; i < 5; i++) {
            node.agents().cycle("materialiser");
            node.executor().runAll();
        }
        return nodes.log().committed().join().equals(nodes.log().endOffsets().join());
    }

    /** A put that is in the log, as is a newer event, which has come to the out tier already. */
    private CompletableFuture<WriteToken> putThatIsOvertaken() {
        nodes.atRest();
        nodes.invalidateAndDie(KEY);
        TestNode other = materialises(nodes.node(0)) ? nodes.node(0) : nodes.node(1);
        writer = other == nodes.node(0) ? nodes.node(1) : nodes.node(0);
        nodes.atRest();
        CompletableFuture<WriteToken> put =
                writer.cache().putAsync(KEY, nodes.database().update(KEY));
        nodes.database().update(KEY);
        nodes.invalidateAndDie(KEY);
        assertThat(materialises(other)).isTrue();
        return put;
    }

    private void comesLate(CompletableFuture<WriteToken> put) {
        nodes.out().evict(nodes.key(KEY));
        writer.executor().runAll();
        assertThat(put).isCompleted();
    }

    private void writerTails() {
        assertThat(writer.agents().cycle("tailer")).isPositive();
    }

    private void assertNothingOldIsLeft() {
        nodes.atRest();
        nodes.assertNoStale();
    }

    @Test
    void isServedToNobodyIfItsWriterDiesAndTheEventIsForgotten() {
        comesLate(putThatIsOvertaken());
        assertThat(nodes.shared(KEY)).isEqualTo(1);
        TestNode reader = writer == nodes.node(0) ? nodes.node(1) : nodes.node(0);
        nodes.time().advance(Duration.ofSeconds(1));
        assertThat(materialises(reader))
                .as("and what is materialised is published")
                .isTrue();
        writer.kill();
        nodes.atRest();
        assertThat(nodes.shared(KEY)).isEqualTo(1);
        nodes.time().advance(Duration.ofMinutes(2));
        for (int i = 0; i < MORE_THAN_ANYBODY_REMEMBERS; i++) {
            nodes.invalidateAndDie("other-" + i);
        }
        nodes.atRest();
        assertThat(nodes.shared(KEY)).as("nobody has removed it").isEqualTo(1);
        CompletableFuture<Long> read = reader.cache().getAsync(KEY);
        reader.executor().runAll();
        assertThat(read).isCompletedWithValue(2L);
        assertThat(nodes.shared(KEY)).isEqualTo(2);
    }

    @Test
    void isRemovedByItsWriterWhenThatHearsOfTheEvent() {
        comesLate(putThatIsOvertaken());
        assertThat(nodes.shared(KEY)).isEqualTo(1);
        writerTails();
        writer.executor().runAll();
        assertThat(nodes.shared(KEY)).isNull();
        assertNothingOldIsLeft();
    }

    @Test
    void isRemovedLaterIfTheOutTierFailsWhenItsWriterHearsOfTheEvent() {
        comesLate(putThatIsOvertaken());
        writer.outFaults().next(OutFault.FAILED);
        writerTails();
        writer.executor().runAll();
        assertThat(writer.outFaults().struck(OutFault.FAILED)).isEqualTo(1);
        assertThat(nodes.shared(KEY)).isEqualTo(1);
        assertNothingOldIsLeft();
    }

    @Test
    void isRemovedIfItsWriterHasHeardOfTheEventBeforeAndDoesNotKnowWhetherItWasStored() {
        CompletableFuture<WriteToken> put = putThatIsOvertaken();
        writerTails();
        writer.outFaults().next(OutFault.TIMEOUT_APPLIED);
        comesLate(put);
        assertThat(writer.outFaults().struck(OutFault.TIMEOUT_APPLIED)).isEqualTo(1);
        assertNothingOldIsLeft();
    }
}
