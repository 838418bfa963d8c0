package io.g2cache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutSlot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** The part of the contract that sets nodes against each other on the out tier. */
final class OutCacheRaces {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int EVENTS = 30;

    private OutCacheRaces() {}

    private static Entry event(Random random, long version) {
        return switch (random.nextInt(3)) {
            case 0 -> OutTier.value(version, "event-" + version);
            case 1 -> OutTier.absent(version);
            default -> Entry.tombstone(version);
        };
    }

    /** Several appliers each get all events, some twice, in an order of their own; the newest stays. */
    static void replays(OutTier here, OutTier there, int rounds) {
        try (Race race = new Race("out-replay")) {
            for (int round = 0; round < rounds; round++) {
                Random random = new Random(round);
                EncodedKey key = OutTier.key("replay-" + round);
                List<Entry> events = new ArrayList<>();
                for (int v = 0; v < EVENTS; v++) {
                    events.add(event(random, v));
                }
                // the newest one as its own writer writes it, and as a tailer that knows no value does
                Entry newest = OutTier.value(EVENTS, "newest-" + round);
                events.add(newest);
                events.add(Entry.tombstone(EVENTS));
                List<Race.Task> appliers = new ArrayList<>();
                for (OutTier tier : List.of(here, there, here, there)) {
                    List<Entry> order = new ArrayList<>(events);
                    order.addAll(events.subList(EVENTS / 2, events.size()));
                    Collections.shuffle(order, random);
                    appliers.add(() -> order.forEach(entry -> tier.apply(key, entry)));
                }
                race.run(LONG, appliers);
                assertThat(Text.of(there.read(key).entry()))
                        .as("seed=%d", round)
                        .isEqualTo(Text.of(newest));
            }
        }
    }

    /** Three events at once, each applied once, on a key that is held or not: the newest stays. */
    static void eventsAgainstEvents(OutTier here, OutTier there, int rounds) {
        try (Race race = new Race("out-events")) {
            for (int round = 0; round < rounds; round++) {
                Random random = new Random(round);
                EncodedKey key = OutTier.key("events-" + round);
                if (random.nextBoolean()) {
                    here.apply(key, event(random, 3));
                }
                List<Race.Task> appliers = new ArrayList<>();
                for (long version = 10; version <= 12; version++) {
                    Entry event = event(random, version);
                    OutTier tier = random.nextBoolean() ? here : there;
                    appliers.add(() -> tier.apply(key, event));
                }
                race.run(LONG, appliers);
                assertThat(there.read(key).version()).as("seed=%d", round).isEqualTo(12);
            }
        }
    }

    /** A load on one node against an event from the other, from every starting state. */
    static void fillsAgainstEvents(OutTier here, OutTier there, int rounds) {
        try (Race race = new Race("out-fence")) {
            for (int round = 0; round < rounds; round++) {
                Random random = new Random(round);
                EncodedKey key = OutTier.key("fence-" + round);
                if (random.nextBoolean()) {
                    here.apply(key, event(random, 3));
                }
                Entry event = event(random, 10);
                int spinFill = random.nextInt(2_000);
                int spinEvent = random.nextInt(4_000);
                race.run(
                        () -> {
                            OutSlot lease = here.readOrLease(key);
                            long stamp = Math.max(lease.version(), 5);
                            Race.spin(spinFill);
                            here.fill(key, lease, OutTier.value(stamp, "load"));
                        },
                        () -> {
                            Race.spin(spinEvent);
                            there.apply(key, event);
                        });
                OutSlot held = here.read(key);
                String as = "seed=" + round + " event=" + event + " held=" + held;
                assertThat(held.version()).as(as).isEqualTo(10);
                // a load that began after the event may have replaced it at the event's own version
                assertThat(Text.of(held.entry())).as(as).isIn(Text.of(event), Text.of(OutTier.value(10, "load")));
            }
        }
    }

    /** Loads with one and the same lease: one is stored and says so. */
    static void fillsAgainstFills(OutTier here, OutTier there, int rounds) {
        try (Race race = new Race("out-fills")) {
            for (int round = 0; round < rounds; round++) {
                EncodedKey key = OutTier.key("fills-" + round);
                OutSlot lease = here.lease(key);
                AtomicInteger winner = new AtomicInteger(-1);
                AtomicInteger wins = new AtomicInteger();
                List<Race.Task> loads = new ArrayList<>();
                for (int t = 0; t < 3; t++) {
                    int load = t;
                    OutTier tier = t % 2 == 0 ? here : there;
                    loads.add(() -> {
                        if (tier.fill(key, lease, OutTier.value(5, "load-" + load))) {
                            winner.set(load);
                            wins.incrementAndGet();
                        }
                    });
                }
                race.run(LONG, loads);
                assertThat(wins).as("round=%d", round).hasValue(1);
                assertThat(Text.of(there.read(key).entry()))
                        .as("round=%d", round)
                        .isEqualTo(Text.of(OutTier.value(5, "load-" + winner)));
            }
        }
    }

    /** Loads that ask for a lease together hold the same one, so that one of their fills wins. */
    static void leasesAgainstLeases(OutTier here, OutTier there, int rounds) {
        try (Race race = new Race("out-leases")) {
            for (int round = 0; round < rounds; round++) {
                EncodedKey key = OutTier.key("leases-" + round);
                OutSlot[] leases = new OutSlot[2];
                race.run(() -> leases[0] = here.lease(key), () -> leases[1] = there.lease(key));
                boolean first = here.fill(key, Objects.requireNonNull(leases[0]), OutTier.value(5, "first"));
                boolean second = there.fill(key, Objects.requireNonNull(leases[1]), OutTier.value(5, "second"));
                assertThat(first).as("first fill of round %d", round).isTrue();
                assertThat(second).as("second fill of round %d", round).isFalse();
            }
        }
    }
}
