package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.it.chaos.Finding.Promise;
import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories by hand, good ones and bad ones. Times are in milliseconds; the bound of the staleness is 3,000. */
class CheckerTest {
    private static final int KEY = 7;
    private static final Checker.Limits LIMITS =
            new Checker.Limits(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final List<Operation> operations = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    private CheckerTest add(
            int node, int life, Kind kind, long start, long end, long version, long asked, Outcome outcome) {
        operations.add(
                new Operation(node, life, kind, KEY, nanos(start), nanos(start), nanos(end), version, asked, outcome));
        return this;
    }

    private CheckerTest write(int node, long start, long end, long version) {
        return write(node, Kind.INVALIDATE, start, end, version, Outcome.OK);
    }

    private CheckerTest write(int node, Kind kind, long start, long end, long version, Outcome outcome) {
        add(node, 1, kind, start, start, version, 0, Outcome.BEGUN);
        return outcome == Outcome.BEGUN ? this : add(node, 1, kind, start, end, version, 0, outcome);
    }

    private CheckerTest read(int node, long start, long end, long version) {
        return add(node, 1, Kind.READ, start, end, version, 0, Outcome.OK);
    }

    private CheckerTest sample(int node, int life, long time, long pause, long oldestOpen) {
        samples.add(new Sample(
                node, life, nanos(time), Sample.READY, nanos(pause), nanos(oldestOpen), 0, 0, 0, 0, 0, 0, 0));
        return this;
    }

    private Verdict check() {
        return Checker.check(new History(operations, samples), LIMITS);
    }

    private void finds(Promise promise) {
        assertThat(check().findings()).extracting(Finding::promise).containsExactly(promise);
    }

    private void findsNothing() {
        assertThat(check().findings()).isEmpty();
    }

    @Test
    void anotherNodeMayBeBehindWithinTheBound() {
        write(1, 0, 10, 2).read(2, 3_009, 3_010, 1);
        findsNothing();
        assertThat(check().staleReads()).isEqualTo(1);
        assertThat(check().longestStaleness()).isEqualTo(nanos(2_999));
    }

    @Test
    void noNodeMayBeBehindBeyondTheBound() {
        write(1, 0, 10, 2).read(2, 3_011, 3_012, 1);
        finds(Promise.BOUNDED_STALENESS);
    }

    /** The age is that of the first write which the value does not show. */
    @Test
    void newerWritesDoNotMakeAStaleValueYounger() {
        write(1, 0, 10, 2).write(1, 2_900, 2_910, 3).read(2, 3_000, 3_001, 1);
        findsNothing();
        assertThat(check().longestStaleness()).isEqualTo(nanos(2_990));
    }

    @Test
    void aReadThatBeganBeforeTheAcknowledgementMayShowEither() {
        write(1, 0, 10, 2).read(1, 9, 20, 1).read(1, 9, 20, 2);
        findsNothing();
        assertThat(check().staleReads()).isZero();
    }

    @Test
    void theWriterItselfKnows() {
        write(1, 0, 10, 2).read(1, 11, 12, 1);
        finds(Promise.NOTHING_KNOWN_TO_BE_OLD);
    }

    /** A new process has read the log up to its end as of its start, and no further. */
    @Test
    void aNewLifeKnowsWhatWasAcknowledgedBefore() {
        write(1, 0, 10, 2).sample(1, 2, 20, 0, 0).add(1, 2, Kind.READ, 30, 31, 1, 0, Outcome.OK);
        finds(Promise.NOTHING_KNOWN_TO_BE_OLD);
    }

    @Test
    void aNewLifeNeedNotKnowWhatWasAcknowledgedLater() {
        sample(2, 2, 5, 0, 0).write(1, 0, 10, 2).add(2, 2, Kind.READ, 30, 31, 1, 0, Outcome.OK);
        findsNothing();
    }

    @Test
    void aQueuedWriteIsKnownToItsNodeInEveryLife() {
        write(1, Kind.INVALIDATE, 0, 10, 2, Outcome.QUEUED).read(2, 9_000, 9_001, 1);
        findsNothing();
        add(1, 3, Kind.READ, 20, 21, 1, 0, Outcome.OK);
        finds(Promise.NOTHING_KNOWN_TO_BE_OLD);
    }

    @Test
    void aQueuedWriteMustHaveArrivedAtRest() {
        write(1, Kind.INVALIDATE, 0, 10, 2, Outcome.QUEUED).add(2, 1, Kind.FINAL_READ, 9_000, 9_001, 1, 0, Outcome.OK);
        finds(Promise.NODES_CONVERGE);
    }

    @Test
    void writesThatWereNotAcknowledgedPromiseNothing() {
        write(1, Kind.INVALIDATE, 0, 10, 2, Outcome.UNKNOWN)
                .write(1, Kind.INVALIDATE, 20, 30, 3, Outcome.FAILED)
                .write(1, Kind.INVALIDATE, 40, 50, 4, Outcome.BEGUN)
                .read(1, 9_000, 9_001, 1)
                .add(2, 1, Kind.FINAL_READ, 9_000, 9_001, 1, 0, Outcome.OK);
        findsNothing();
    }

    @Test
    void aTokenShowsItsWriteAtOnceAndFromThenOn() {
        write(1, 0, 10, 2).add(2, 1, Kind.TOKEN_READ, 11, 12, 1, 2, Outcome.OK);
        finds(Promise.TOKENS_ARE_KEPT);
    }

    @Test
    void aNodeThatHasWaitedForATokenKnows() {
        write(1, 0, 10, 2).add(2, 1, Kind.TOKEN_READ, 11, 12, 2, 2, Outcome.OK).read(2, 13, 14, 1);
        finds(Promise.NOTHING_KNOWN_TO_BE_OLD);
    }

    @Test
    void aTokenMayComeTooLateButIsNotRefused() {
        add(2, 1, Kind.TOKEN_READ, 11, 2_900, 0, 2, Outcome.FAILED);
        findsNothing();
        add(2, 1, Kind.TOKEN_READ, 3_000, 3_001, 0, 2, Outcome.REFUSED);
        finds(Promise.LOG_STAYS);
    }

    /** Nothing but the bound says that a node may not forget what a load has shown it past its tiers. */
    @Test
    void stepsBackAreCountedWhereTheNodeDidNotKnowBetter() {
        write(1, 0, 10, 2).read(2, 11, 12, 2).read(2, 13, 14, 1);
        findsNothing();
        assertThat(check().stepsBack()).isEqualTo(1);
    }

    @Test
    void aLatePutIsExcusedByItsVeryValueOnly() {
        write(1, Kind.PUT, 0, 10, 2, Outcome.UNKNOWN).write(1, Kind.PUT, 20, 30, 3, Outcome.OK);
        read(2, 9_000, 9_001, 2);
        findsNothing();
        assertThat(check().latePuts()).isEqualTo(1);
        read(2, 9_000, 9_001, 1);
        finds(Promise.BOUNDED_STALENESS);
    }

    @Test
    void aPutOfUnknownOutcomeIsNotLateWhileItIsTheNewest() {
        write(1, Kind.PUT, 0, 10, 2, Outcome.UNKNOWN).read(2, 20, 21, 2);
        findsNothing();
        assertThat(check().latePuts()).isZero();
    }

    @Test
    void aPutThatAKillInterruptedIsLateTooButOneThatFailedIsNot() {
        write(1, Kind.PUT, 0, 10, 2, Outcome.BEGUN)
                .write(1, Kind.PUT, 20, 30, 3, Outcome.FAILED)
                .write(1, Kind.PUT, 40, 50, 4, Outcome.OK);
        read(2, 9_000, 9_001, 2);
        findsNothing();
        read(2, 9_000, 9_001, 3);
        finds(Promise.BOUNDED_STALENESS);
    }

    @Test
    void atRestEverybodyHasTheNewest() {
        write(1, 0, 10, 2).add(2, 1, Kind.FINAL_READ, 20, 21, 2, 0, Outcome.OK);
        findsNothing();
        add(3, 1, Kind.FINAL_READ, 20, 21, 1, 0, Outcome.OK);
        finds(Promise.NODES_CONVERGE);
    }

    @Test
    void atRestTheOutTierHasTheNewestOrNothing() {
        write(1, 0, 10, 2)
                .add(4, 1, Kind.OUT_READ, 20, 21, 0, 0, Outcome.OK)
                .add(4, 1, Kind.OUT_READ, 20, 21, 2, 0, Outcome.OK);
        findsNothing();
        assertThat(check().staleReads()).isZero();
        add(4, 1, Kind.OUT_READ, 20, 21, 1, 0, Outcome.OK);
        finds(Promise.OUT_TIER_CONVERGES);
    }

    @Test
    void readsAreAnsweredInTime() {
        read(1, 0, 1_000, 1);
        findsNothing();
        read(1, 0, 1_001, 1);
        finds(Promise.READS_ARE_ANSWERED);
    }

    @Test
    void readsDoNotFail() {
        add(1, 1, Kind.READ, 0, 1, 0, 0, Outcome.FAILED);
        finds(Promise.READS_ARE_ANSWERED);
    }

    @Test
    void aProcessThatIsStoppedCannotAnswerMeanwhile() {
        read(1, 0, 5_000, 1).sample(1, 1, 4_900, 4_000, 0);
        findsNothing();
        read(1, 2_900, 5_000, 1);
        findsNothing();
        read(2, 2_900, 5_000, 1);
        finds(Promise.READS_ARE_ANSWERED);
    }

    @Test
    void aReadThatNeverEndsIsInTheSamples() {
        sample(1, 1, 10_000, 0, 3_000);
        findsNothing();
        sample(1, 1, 10_100, 0, 3_100);
        finds(Promise.READS_ARE_ANSWERED);
    }

    @Test
    void whatTheNodesCountIsHeldAgainstThemOnceALife() {
        for (int i = 1; i <= 3; i++) {
            samples.add(new Sample(1, 1, nanos(i), Sample.READY, 0, 0, 0, i, i, 0, 0, 0, 0));
        }
        assertThat(check().findings())
                .extracting(Finding::promise)
                .containsExactlyInAnyOrder(Promise.AUDITS_ARE_CLEAN, Promise.LOG_STAYS);
    }
}
