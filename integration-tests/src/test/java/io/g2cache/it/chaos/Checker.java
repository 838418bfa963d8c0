package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Finding.Promise;
import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import io.g2cache.it.chaos.Verdict.StaleRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what clients have seen with what the protocol promises them, from outside: by the rows' versions, which grow with
 * every change of the database, and by the moments at which calls began and ended. A write is <i>acknowledged</i> from the end
 * of its call on, if that ended well.
 *
 * <p>A read must not show a version below
 *
 * <ul>
 *   <li>what the node knows: the writes acknowledged by this very process, those that this node has queued, in whatever life
 *       (rules 3 and 15), and the tokens that it has waited for (rule 12);
 *   <li>what was acknowledged, by anybody, before the process began: a node reads the log up to its end as of its start before
 *       it serves anything that it has kept, or finds in the out tier (rule 10);
 *   <li>what was acknowledged longer than {@code maxStaleness} before the read began (rule 11);
 *   <li>of a read with a token: the write of the token;
 *   <li>at rest: anything that was acknowledged, or has left a queue.
 * </ul>
 *
 * <p>That the versions which a node shows never go back is <b>not</b> promised beyond this. A version of a row is not a version
 * of the log: a load that is refused by the fence still hands its value to its callers (rule 4), so that a reader may see a
 * change before the node has heard of its event; a later read may then find the older value in a tier, until the event arrives
 * or the gate closes (rule 11). So a step back counts as broken only where the node knew better, which is the first two points; all
 * others are bounded by the third, and are counted.
 *
 * <p>One excuse: a put whose outcome was unknown, or whose process was killed in the middle of it, may reach the log behind newer
 * writes of its key, as the log's order is all that {@code put} promises. A read of exactly such a value, once newer writes were
 * acknowledged, is counted, not held against the node.
 *
 * <p>Reads must be answered within their limit, to which each pause of their process is added: a process that is stopped, or
 * gets no processor, cannot answer. Not thread-safe.
 */
final class Checker {
    /**
     * What is held against a history.
     *
     * @param maxStaleness the nodes' bound
     * @param readLimit how long a read may take without pauses of its process
     * @param tokenTimeout how much longer one with a token may take
     */
    record Limits(Duration maxStaleness, Duration readLimit, Duration tokenTimeout) {}

    private final History history;
    private final Limits limits;
    private final Writes writes;
    private final Pauses pauses;
    private final List<Finding> findings = new ArrayList<>();
    private final List<StaleRead> stale = new ArrayList<>();
    private long stepsBack;
    private long latePuts;

    private Checker(History history, Limits limits) {
        this.history = history;
        this.limits = limits;
        this.writes = new Writes(history);
        this.pauses = new Pauses(history.samples());
    }

    /** Checks a history, which must be whole. */
    static Verdict check(History history, Limits limits) {
        return new Checker(history, limits).check();
    }

    private Verdict check() {
        for (Operation operation : history.operations()) {
            if (!operation.kind().isWrite()) {
                checkRead(operation);
            }
        }
        countStepsBack();
        history.samples().forEach(this::checkSample);
        checkCounters();
        long longest = stale.stream().mapToLong(StaleRead::age).max().orElse(0);
        return new Verdict(findings, stale.size(), longest, stepsBack, latePuts, stale);
    }

    private void checkRead(Operation read) {
        if (read.outcome() == Outcome.REFUSED) {
            found(Promise.LOG_STAYS, read, "a token was refused");
        }
        checkAnswer(read);
        if (!read.isOk()) {
            return;
        }
        long superseded = writes.acknowledged(read.key()).firstAbove(read.version());
        if (superseded < read.start() && writes.isLatePut(read.key(), read.version())) {
            latePuts++;
            return;
        }
        checkVersion(read);
        if (superseded < read.start() && !(read.kind() == Kind.OUT_READ && read.version() == 0)) {
            stale.add(new StaleRead(read.start(), read.start() - superseded));
        }
    }

    private void checkVersion(Operation read) {
        long start = read.start();
        Timeline acknowledged = writes.acknowledged(read.key());
        switch (read.kind()) {
            case OUT_READ -> {
                if (read.version() != 0) {
                    atLeast(writes.atRest(read.key()), Promise.OUT_TIER_CONVERGES, read);
                }
            }
            case FINAL_READ -> atLeast(writes.atRest(read.key()), Promise.NODES_CONVERGE, read);
            default -> {
                atLeast(writes.knownTo(read), Promise.NOTHING_KNOWN_TO_BE_OLD, read);
                atLeast(read.asked(), Promise.TOKENS_ARE_KEPT, read);
                atLeast(acknowledged.before(start - limits.maxStaleness.toNanos()), Promise.BOUNDED_STALENESS, read);
            }
        }
    }

    private void atLeast(long least, Promise promise, Operation read) {
        if (read.version() < least) {
            long superseded = writes.acknowledged(read.key()).firstAbove(read.version());
            found(
                    promise,
                    read,
                    "version=" + read.version() + " must be at least " + least + ", superseded "
                            + (read.start() - superseded) / 1_000_000 + " ms before");
        }
    }

    private void checkAnswer(Operation read) {
        boolean withToken = read.kind() == Kind.TOKEN_READ;
        if (!read.isOk() && !withToken) {
            found(Promise.READS_ARE_ANSWERED, read, "the read failed");
        }
        long limit = limits.readLimit.toNanos() + (withToken ? limits.tokenTimeout.toNanos() : 0);
        long paused = pauses.within(read.node(), read.life(), read.start(), read.end());
        long took = read.end() - read.start() - paused;
        if (took > limit) {
            found(
                    Promise.READS_ARE_ANSWERED,
                    read,
                    "the read took ms=" + took / 1_000_000 + " beside pauses of ms=" + paused / 1_000_000);
        }
    }

    /** A call that never ends is in no operation, but in the samples. */
    private void checkSample(Sample sample) {
        long from = sample.time() - sample.oldestOpen();
        long paused = pauses.within(sample.node(), sample.life(), from, sample.time());
        long limit = limits.readLimit.plus(limits.tokenTimeout).toNanos();
        if (sample.oldestOpen() - paused > limit) {
            findings.add(new Finding(
                    Promise.READS_ARE_ANSWERED,
                    sample.node(),
                    sample.time(),
                    "life=" + sample.life() + " has a read under way since ms=" + sample.oldestOpen() / 1_000_000
                            + ", pauses of ms=" + paused / 1_000_000));
        }
    }

    private void checkCounters() {
        for (Sample sample : history.lastSamples()) {
            if (sample.auditDifference() > 0) {
                findings.add(new Finding(
                        Promise.AUDITS_ARE_CLEAN,
                        sample.node(),
                        sample.time(),
                        "life=" + sample.life() + " auditDifference=" + sample.auditDifference()));
            }
            if (sample.newGenerations() > 0) {
                findings.add(new Finding(
                        Promise.LOG_STAYS,
                        sample.node(),
                        sample.time(),
                        "life=" + sample.life() + " newGenerations=" + sample.newGenerations()));
            }
        }
    }

    private void countStepsBack() {
        Map<String, Timeline> seen = new HashMap<>();
        for (Operation read : history.operations()) {
            if (read.kind().isWrite() || read.kind() == Kind.OUT_READ || !read.isOk()) {
                continue;
            }
            seen.computeIfAbsent(Writes.place(read), place -> new Timeline()).add(read.end(), read.version());
        }
        for (Operation read : history.operations()) {
            Timeline before = read.isOk() ? seen.get(Writes.place(read)) : null;
            if (before != null && !read.kind().isWrite() && before.before(read.start()) > read.version()) {
                stepsBack++;
            }
        }
    }

    private void found(Promise promise, Operation read, String what) {
        findings.add(new Finding(
                promise,
                read.node(),
                read.start(),
                read.kind().label() + " of key=" + read.key() + " in life=" + read.life() + ": " + what));
    }
}
