package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.WriteToken;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A put that comes to the out tier when a newer event has been there, and is not there any more. */
final class HealsTest {
    private static final String KEY = "key";

    private final TwoNodes nodes = new TwoNodes(Settings.byHand(1));
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
