package io.g2cache.internal;

import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditFinding;
import io.g2cache.audit.AuditRules;
import io.g2cache.audit.AuditedKey;
import io.g2cache.internal.KnownPuts.Place;
import io.g2cache.spi.Agent;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the tiers of this node with the recent events that it knows, for a few keys a second, one cache
 * after another: half of them keys of some puts that have come lately, whose values are known too, the others from the local
 * tier, both in turn. What it finds counts only if a second look finds the entry untouched: a write or a heal under way has ended by then.
 *
 * <p>Concurrency: driven by one thread, which alone touches its lists; the tiers complete the looks, and it collects them in a
 * later cycle.
 */
final class Auditor implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger("io.g2cache.audit");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Longer than a call of the out tier and what follows it. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(10);
    /** So many differences are watched at once; more would tell nothing new. */
    private static final int MOST_SUSPECTS = 256;

    private final Collection<CacheEngine<?, ?>> caches;
    private final int keysPerSecond;
    private final TimeSource time;
    private final KnownPuts puts = new KnownPuts();
    private final List<Look> looks = new ArrayList<>();
    private final List<Suspect> suspects = new ArrayList<>();
    private long dueNanos;
    private int turn;

    /** A key that is being looked at, with an event of it that is known; a suspect that is looked at again. */
    private record Look(
            Place place,
            @Nullable AuditEvent event,
            CompletableFuture<AuditedKey> seen,
            @Nullable Suspect suspect) {}

    /** A difference that was seen once, or that counts already. */
    private static final class Suspect {
        final Place place;
        final AuditEvent event;
        final AuditFinding finding;
        final long sinceNanos;
        long dueNanos;
        boolean counted;

        Suspect(Place place, AuditEvent event, AuditFinding finding, long nowNanos) {
            this.place = place;
            this.event = event;
            this.finding = finding;
            this.sinceNanos = nowNanos;
            this.dueNanos = nowNanos + GRACE;
        }

        /** For the log, which must not have what would let a secret value be guessed. */
        @Override
        public String toString() {
            boolean isSealed = place.cache().audit().isSealed();
            return "cache=" + place.cache().name() + " " + place.key() + " "
                    + (isSealed ? finding.withoutHashes() : finding);
        }
    }

    /** The collection is a live view of the open caches. */
    Auditor(Collection<CacheEngine<?, ?>> caches, int keysPerSecond, TimeSource time) {
        this.caches = caches;
        this.keysPerSecond = keysPerSecond;
        this.time = time;
        this.dueNanos = time.monotonicNanos();
    }

    @Override
    public String name() {
        return "auditor";
    }

    @Override
    public int doWork(Duration maxWait) {
        long now = time.monotonicNanos();
        collect(now);
        if (now - dueNanos >= 0) {
            dueNanos = now + SECOND;
            puts.forgetClosed();
            suspects.removeIf(suspect -> suspect.place.cache().isRetired());
            lookAgain(now);
            lookAtMore();
        }
        return 0;
    }

    private void lookAtMore() {
        List<CacheEngine<?, ?>> open = List.copyOf(caches);
        if (open.isEmpty() || looks.size() >= 2 * keysPerSecond) {
            return;
        }
        int most = (keysPerSecond + 1) / 2;
        takePuts(open, most);
        List<Place> ofPuts = puts.next(most);
        ofPuts.forEach(this::lookAt);
        turn = (turn + 1) % open.size();
        CacheEngine<?, ?> cache = open.get(turn);
        cache.audit().sample(keysPerSecond - ofPuts.size()).forEach(key -> lookAt(new Place(cache, key)));
    }

    /** The caches share the room for the next second, and take turns at what cannot be shared. */
    private void takePuts(List<CacheEngine<?, ?>> open, int most) {
        for (int i = 0; i < open.size(); i++) {
            CacheEngine<?, ?> cache = open.get((turn + i) % open.size());
            int room = most / open.size() + (i < most % open.size() ? 1 : 0);
            cache.audit().puts(room).forEach((key, put) -> puts.add(new Place(cache, key), put));
        }
    }

    private void lookAt(Place place) {
        if (suspects.stream().noneMatch(suspect -> suspect.place.equals(place))
                && looks.stream().noneMatch(look -> look.place.equals(place))) {
            looks.add(new Look(place, puts.of(place), look(place), null));
        }
    }

    private static CompletableFuture<AuditedKey> look(Place place) {
        return place.cache().audit().look(place.key());
    }

    private void lookAgain(long now) {
        for (Suspect suspect : suspects) {
            if (now - suspect.dueNanos >= 0) {
                suspect.dueNanos = now + GRACE;
                looks.add(new Look(suspect.place, suspect.event, look(suspect.place), suspect));
            }
        }
    }

    private void collect(long now) {
        for (Iterator<Look> i = looks.iterator(); i.hasNext(); ) {
            Look look = i.next();
            if (look.seen.isDone()) {
                i.remove();
                judge(look, look.seen.join(), now);
            }
        }
    }

    private void judge(Look look, AuditedKey seen, long now) {
        AuditEvent newest = newest(look.event, seen.recent());
        Suspect suspect = look.suspect;
        if (suspect != null) {
            judgeAgain(suspect, AuditRules.findings(seen, newest), now);
            return;
        }
        look.place.cache().counters().count(Counter.AUDIT_CHECKED);
        if (newest == null) {
            return;
        }
        if (newest.version() != versionOf(look.event)) {
            puts.forget(look.place);
        }
        for (AuditFinding finding : AuditRules.findings(seen, newest)) {
            if (finding.isCertain() && suspects.size() < MOST_SUSPECTS) {
                suspects.add(new Suspect(look.place, newest, finding, now));
            }
        }
    }

    private void judgeAgain(Suspect suspect, List<AuditFinding> findings, long now) {
        boolean still = findings.stream().anyMatch(finding -> finding.isStill(suspect.finding));
        if (!still) {
            suspects.remove(suspect);
            if (suspect.counted) {
                LOG.error("audit: gone after seconds={}: {}", (now - suspect.sinceNanos) / SECOND, suspect);
            }
        } else if (!suspect.counted) {
            suspect.counted = true;
            suspect.place.cache().counters().count(Counter.AUDIT_DIFFERENCE);
            LOG.error("audit: a difference, seen for seconds={}: {}", (now - suspect.sinceNanos) / SECOND, suspect);
        }
    }

    private static long versionOf(@Nullable AuditEvent event) {
        return event == null ? RecentVersions.NONE : event.version();
    }

    /** The event that is known, unless the node remembers a newer one, of which it knows the version only. */
    private static @Nullable AuditEvent newest(@Nullable AuditEvent known, long recent) {
        if (known != null && recent <= known.version()) {
            return known;
        }
        return recent == RecentVersions.NONE ? null : new AuditEvent(recent, null);
    }

    @Override
    public void wakeUp() {
        // Never waits.
    }

    @Override
    public void onClose() {
        looks.forEach(look -> look.seen.cancel(false));
    }
}
