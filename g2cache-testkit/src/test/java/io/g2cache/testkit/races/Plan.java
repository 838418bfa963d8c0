package io.g2cache.testkit.races;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.WhenLogIsAway;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a seed draws before its first step: how the nodes and their cache are set up, and which troubles may befall them.
 *
 * @param seed the seed
 * @param steps how many steps are taken
 * @param partitions partitions of the log
 * @param nodes how many nodes there are at first
 * @param mostNodes how many nodes there may be in all, those killed included
 * @param keys how many keys are read and written
 * @param pace how much time passes at most before every fourth step, besides what steps let pass
 * @param troubles what may go wrong
 * @param cache options of the cache
 */
record Plan(
        long seed,
        int steps,
        int partitions,
        int nodes,
        int mostNodes,
        int keys,
        Duration pace,
        Troubles troubles,
        Cache cache) {
    private static final List<Duration> STALENESS =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(60));

    private static final List<Duration> FAIL_SAFE = List.of(
            Duration.ofSeconds(30),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(1_500),
            Duration.ZERO,
            Duration.ZERO);

    /**
     * What may go wrong.
     *
     * @param faults calls of log and out tier fail, are late, or are carried out twice
     * @param cuts nodes lose log or out tier for a while
     * @param kills nodes are killed and started again
     * @param clocks wall clocks are set, and machines sleep
     * @param slowLoads loads may take longer than they should
     * @param failingLoads loads may fail
     * @param splits the out tier is split and joined
     */
    record Troubles(
            boolean faults,
            boolean cuts,
            boolean kills,
            boolean clocks,
            boolean slowLoads,
            boolean failingLoads,
            boolean splits) {
        static Troubles of(Random random) {
            boolean splits = random.nextInt(12) == 0;
            return new Troubles(
                    random.nextInt(3) > 0,
                    !splits && random.nextInt(3) == 0,
                    random.nextInt(2) == 0,
                    random.nextInt(4) == 0,
                    random.nextInt(3) == 0,
                    random.nextInt(3) == 0,
                    splits);
        }
    }

    /**
     * Options of the cache and of its nodes.
     *
     * @param outTier whether there is an out tier
     * @param queue whether writes wait on the disk while the log is away
     * @param tags whether entries have tags
     * @param absents whether the source lacks some keys at times, and that is cached; not with tags, which an absence has not
     * @param publish what is published
     * @param publishLoads whether loads are published
     * @param maxStaleness how stale a hit may be
     * @param soft from when on an entry is obsolete
     * @param hard from when on an entry is expired
     * @param loadTimeout how long a load may take
     * @param failSafeFor for how long expired entries are kept
     * @param softTimeout after which time an old entry is served; null for never
     * @param boundedLoads whether loads always run on the node's threads
     * @param failureThrottle for how long a failed load is not repeated
     * @param clusterLoad how long another node's load is waited for; null for not at all
     * @param refreshAhead how eagerly hot keys are refreshed
     * @param maximumLoads how many loads may be under way
     * @param fenceWindow how long a load may take and still be stored
     * @param leavesDead whether the local tier does not clear away what is dead or expired
     */
    record Cache(
            boolean outTier,
            boolean queue,
            boolean tags,
            boolean absents,
            PublishMode publish,
            boolean publishLoads,
            Duration maxStaleness,
            Duration soft,
            Duration hard,
            Duration loadTimeout,
            Duration failSafeFor,
            @Nullable Duration softTimeout,
            boolean boundedLoads,
            Duration failureThrottle,
            @Nullable Duration clusterLoad,
            double refreshAhead,
            int maximumLoads,
            Duration fenceWindow,
            boolean leavesDead) {
        static Cache of(Random random) {
            boolean isShort = random.nextInt(3) == 0;
            boolean tags = random.nextBoolean();
            Duration failSafeFor = FAIL_SAFE.get(random.nextInt(FAIL_SAFE.size()));
            return new Cache(
                    random.nextInt(8) > 0,
                    random.nextInt(10) == 0,
                    tags,
                    !tags && random.nextBoolean(),
                    any(random, PublishMode.values()),
                    random.nextInt(4) == 0,
                    STALENESS.get(random.nextInt(STALENESS.size())),
                    isShort ? Duration.ofMillis(500 + random.nextInt(3_000)) : Duration.ofMinutes(5),
                    isShort ? Duration.ofMillis(4_000 + random.nextInt(10_000)) : Duration.ofHours(2),
                    Duration.ofMillis(1_000 + random.nextInt(9_000)),
                    failSafeFor,
                    !failSafeFor.isZero() && random.nextBoolean() ? Duration.ofMillis(300) : null,
                    random.nextInt(3) == 0,
                    random.nextInt(3) == 0 ? Duration.ofSeconds(2) : Duration.ZERO,
                    random.nextInt(3) == 0 ? Duration.ofMillis(500) : null,
                    random.nextInt(3) == 0 ? 1 : 0,
                    random.nextInt(4) == 0 ? 1 : 64,
                    random.nextInt(3) == 0 ? Duration.ofSeconds(5) : Duration.ofSeconds(60),
                    random.nextBoolean());
        }

        private static <T> T any(Random random, T[] values) {
            return values[random.nextInt(values.length)];
        }

        CacheSpecBuilder<String, Long> applyTo(CacheSpecBuilder<String, Long> spec) {
            Lifetime lifetime = Lifetime.of(soft, hard);
            spec.publish(publish)
                    .publishLoads(publishLoads)
                    .lifetime(lifetime)
                    .loadTimeout(loadTimeout)
                    .failSafeFor(failSafeFor)
                    .boundedLoads(boundedLoads)
                    .failureThrottle(failureThrottle)
                    .refreshAhead(refreshAhead)
                    .maximumLoads(maximumLoads);
            if (softTimeout != null) {
                spec.softTimeout(softTimeout);
            }
            if (clusterLoad != null) {
                spec.clusterLoad(clusterLoad);
            }
            if (absents) {
                spec.absentLifetime(lifetime);
            }
            if (tags) {
                spec.tags((key, value) -> tagsOf(key));
            }
            return queue ? spec.whenLogIsAway(WhenLogIsAway.QUEUE) : spec;
        }
    }

    /** The plan of a seed. */
    static Plan of(long seed) {
        Random random = new Random(seed * 31 + 7);
        Troubles troubles = Troubles.of(random);
        int nodes = 2 + (random.nextInt(4) == 0 ? 1 : 0);
        Cache cache = Cache.of(random);
        return new Plan(
                seed,
                30 + random.nextInt(90),
                1 + random.nextInt(2),
                nodes,
                nodes + (troubles.kills ? 5 : 1),
                1 + random.nextInt(troubles.splits ? 6 : 3),
                random.nextInt(3) == 0 ? cache.maxStaleness.dividedBy(4) : Duration.ZERO,
                troubles,
                cache);
    }

    /** Whether the log may take a write long after its writer has given up: then no values may be published. */
    boolean mayWriteLate() {
        return !cache.publish.carriesValues();
    }

    List<String> keyNames() {
        return IntStream.range(0, keys).mapToObj(i -> "key-" + i).toList();
    }

    /** Each key has a tag that all have, and one of its own. */
    static List<String> tagsOf(String key) {
        return List.of("all", "only " + key);
    }
}
