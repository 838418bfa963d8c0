package io.g2cache.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Decides which faults strike: at a rate, by a seeded random generator, or on the next occasion. Nothing strikes at first.
 *
 * <p>Thread-safe: the monitor of this object guards the generator. The same seed gives the same faults where the calls come
 * in the same order.
 *
 * @param <F> the kinds of fault, such as {@link LogFault}
 */
public final class Faults<F extends Enum<F>> {
    private final Random random;
    private final Map<F, Double> rates = new HashMap<>();
    private final Map<F, Integer> next = new HashMap<>();
    private final Map<F, Integer> struck = new HashMap<>();

    /** Starts without faults. */
    public Faults(long seed) {
        random = new Random(seed);
    }

    /**
     * Lets a fault strike at random from now on.
     *
     * @param rate share of the occasions, from 0 to 1
     * @return this
     */
    public synchronized Faults<F> rate(F fault, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException(fault + " rate=" + rate + " must be from 0 to 1");
        }
        rates.put(fault, rate);
        return this;
    }

    /** Lets a fault strike on its next occasion, once for each call. */
    public synchronized Faults<F> next(F fault) {
        next.merge(fault, 1, Integer::sum);
        return this;
    }

    /** Ends all faults. */
    public synchronized void heal() {
        rates.clear();
        next.clear();
    }

    /** How often a fault has struck. */
    public synchronized int struck(F fault) {
        return struck.getOrDefault(fault, 0);
    }

    synchronized boolean strikes(F fault) {
        boolean planned = next.containsKey(fault);
        next.computeIfPresent(fault, (f, times) -> times > 1 ? times - 1 : null);
        double rate = rates.getOrDefault(fault, 0.0);
        boolean strikes = planned || (rate > 0 && random.nextDouble() < rate);
        if (strikes) {
            struck.merge(fault, 1, Integer::sum);
        }
        return strikes;
    }

    /** A number from 1 to the given one. */
    synchronized int upTo(int most) {
        return 1 + random.nextInt(most);
    }
}
