package io.g2cache.it.chaos;

import io.g2cache.G2Cache;
import io.g2cache.G2CacheException;
import io.g2cache.SyncLogException;
import io.g2cache.WriteToken;
import io.g2cache.it.chaos.KeySpace.Way;
import io.g2cache.it.chaos.NodeSettings.Role;
import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import io.g2cache.it.chaos.SqlRows.Token;
import io.g2cache.it.chaos.SqlTruth.Phase;
import java.sql.SQLException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The clients of one node, each a thread that calls, records and pauses. In the phase FINAL the first of them reads every key
 * twice. Thread-safe: the phase is volatile, each slot of the open calls has one writer.
 */
final class Clients {
    private static final int READERS = 2;
    private static final int WRITERS = 2;
    private static final int THREADS = READERS + WRITERS + 1;

    private final NodeSettings settings;
    private final G2Cache<String, Long> plain;
    private final G2Cache<String, Long> queued;
    private final SqlRows rows;
    private final HistoryWriter history;
    private final AtomicLongArray openSince = new AtomicLongArray(THREADS);
    private final AtomicInteger idle = new AtomicInteger();
    private final Set<Integer> writing = ConcurrentHashMap.newKeySet();
    private volatile Phase phase = Phase.REST;
    private volatile String done = "";

    /** The clients start to work when they are told so. */
    Clients(
            NodeSettings settings,
            G2Cache<String, Long> plain,
            G2Cache<String, Long> queued,
            SqlRows rows,
            HistoryWriter history) {
        this.settings = settings;
        this.plain = plain;
        this.queued = queued;
        this.rows = rows;
        this.history = history;
        for (int i = 0; i < THREADS; i++) {
            int slot = i;
            Thread thread = new Thread(() -> run(slot), "client-" + slot);
            thread.setDaemon(true);
            thread.start();
        }
    }

    void enter(Phase next) {
        phase = next;
    }

    /** The phase whose work is done. */
    String done() {
        return done;
    }

    /** For how long the longest call under way has lasted. */
    long oldestOpen(long now) {
        long oldest = 0;
        for (int i = 0; i < THREADS; i++) {
            long since = openSince.get(i);
            oldest = since == 0 ? oldest : Math.max(oldest, now - since);
        }
        return oldest;
    }

    private void run(int slot) {
        Random random = new Random(settings.seed() * 31 + settings.number() * 1_000L + settings.life() * 10L + slot);
        try {
            while (true) {
                work(slot, random);
                idle.incrementAndGet();
                while (phase == Phase.REST) {
                    if (idle.get() == THREADS) {
                        done = Phase.REST.name();
                    }
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                if (phase == Phase.FINAL) {
                    if (slot == 0) {
                        readEverything();
                        readEverything();
                        done = Phase.FINAL.name();
                    }
                    return;
                }
                idle.decrementAndGet();
            }
        } catch (InterruptedException | SQLException e) {
            throw new IllegalStateException("client=" + slot + " of node=" + settings.number() + " ends", e);
        }
    }

    private void work(int slot, Random random) throws InterruptedException, SQLException {
        while (phase == Phase.WORK) {
            int key = pick(random);
            if (slot < READERS) {
                read(slot, Kind.READ, key);
                TimeUnit.MILLISECONDS.sleep(2 + random.nextInt(8));
            } else if (slot == READERS) {
                readWithToken(slot, key);
                TimeUnit.MILLISECONDS.sleep(10 + random.nextInt(40));
            } else {
                write(key, random);
                TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(60));
            }
        }
    }

    /** Low numbers of each kind of key come more often. */
    private static int pick(Random random) {
        int part = random.nextInt(3);
        int first = part == 0 ? 0 : part == 1 ? 400 : 500;
        int size = part == 0 ? 400 : 100;
        double skewed = random.nextDouble() * random.nextDouble();
        return first + (int) (size * skewed);
    }

    private void readEverything() {
        Kind kind = settings.role() == Role.OUT_VIEW ? Kind.OUT_READ : Kind.FINAL_READ;
        for (int key = 0; key < KeySpace.KEYS; key++) {
            read(0, kind, key);
        }
    }

    private G2Cache<String, Long> cache(int key) {
        return KeySpace.way(key) == Way.QUEUED ? queued : plain;
    }

    private void read(int slot, Kind kind, int key) {
        long start = System.nanoTime();
        openSince.set(slot, start);
        long version = 0;
        Outcome outcome = Outcome.OK;
        try {
            Long found = cache(key).get(KeySpace.name(key));
            version = found == null ? 0 : found;
        } catch (G2CacheException e) {
            outcome = Outcome.FAILED;
            System.err.println("node " + settings.number() + " cannot read: " + e + ", cause: " + e.getCause());
        }
        long end = System.nanoTime();
        openSince.set(slot, 0);
        record(kind, key, start, start, end, version, 0, outcome);
    }

    private void readWithToken(int slot, int key) throws SQLException {
        Token token = rows.token(key);
        if (token.version() == 0) {
            return;
        }
        long start = System.nanoTime();
        openSince.set(slot, start);
        long version = 0;
        Outcome outcome = Outcome.OK;
        try {
            Long found = cache(key).get(KeySpace.name(key), WriteToken.parse(token.text()), NodeSettings.TOKEN_TIMEOUT);
            version = found == null ? 0 : found;
        } catch (G2CacheException e) {
            outcome = Outcome.FAILED;
        } catch (IllegalArgumentException e) {
            outcome = Outcome.REFUSED;
        }
        long end = System.nanoTime();
        openSince.set(slot, 0);
        record(Kind.TOKEN_READ, key, start, start, end, version, token.version(), outcome);
    }

    private void write(int key, Random random) throws SQLException {
        if (random.nextInt(400) == 0) {
            long start = System.nanoTime();
            Outcome outcome = attempt(Kind.CLEAR, key, 0).outcome;
            record(Kind.CLEAR, Operation.NO_KEY, start, start, System.nanoTime(), 0, 0, outcome);
            return;
        }
        if (!KeySpace.isWriter(settings.number(), key) || !writing.add(key)) {
            return;
        }
        try {
            writeAlone(key, random);
        } finally {
            writing.remove(key);
        }
    }

    /** Of two puts that overlap the log may take the older one last, and nobody promises otherwise: so each key has one writer at a time here. */
    private void writeAlone(int key, Random random) throws SQLException {
        Kind kind = switch (KeySpace.way(key)) {
            case PUT -> Kind.PUT;
            case QUEUED -> Kind.INVALIDATE;
            case INVALIDATED -> random.nextInt(4) == 0 ? Kind.INVALIDATE_TAG : Kind.INVALIDATE;
        };
        long start = System.nanoTime();
        long version = rows.update(key);
        long committed = System.nanoTime();
        record(kind, key, start, committed, committed, version, 0, Outcome.BEGUN);
        Attempt attempt = attempt(kind, key, version);
        record(kind, key, start, committed, System.nanoTime(), version, 0, attempt.outcome);
        if (attempt.outcome == Outcome.OK) {
            rows.handOut(key, new Token(attempt.token, version));
        }
    }

    private record Attempt(Outcome outcome, String token) {}

    private Attempt attempt(Kind kind, int key, long version) {
        try {
            WriteToken token = switch (kind) {
                case PUT -> cache(key).put(KeySpace.name(key), version);
                case INVALIDATE_TAG -> cache(key).invalidateTag(KeySpace.tag(key));
                case CLEAR -> cache(key).clear();
                default -> cache(key).invalidate(KeySpace.name(key));
            };
            return new Attempt(token.isQueued() ? Outcome.QUEUED : Outcome.OK, token.toString());
        } catch (SyncLogException e) {
            return new Attempt(e.outcome() == SyncLogException.Outcome.FAILED ? Outcome.FAILED : Outcome.UNKNOWN, "");
        }
    }

    private void record(
            Kind kind, int key, long start, long committed, long end, long version, long asked, Outcome outcome) {
        history.write(new Operation(
                settings.number(), settings.life(), kind, key, start, committed, end, version, asked, outcome));
    }
}
