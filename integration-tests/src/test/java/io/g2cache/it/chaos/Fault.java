package io.g2cache.it.chaos;

import java.util.List;
import java.util.Locale;

/**
 * What happens to a part, and when, in milliseconds since the nemesis began. Immutable.
 *
 * @param action what happens
 * @param part to what
 * @param begin when it happens
 * @param end when it is undone: the process is started or goes on, the way is open
 */
record Fault(Action action, Part part, long begin, long end) {
    /** What can happen to a part. */
    enum Action {
        /** The process is ended by SIGKILL, and started again. */
        KILL,
        /** The process is stopped by SIGSTOP, and goes on. */
        FREEZE,
        /** Connections are reset, and cannot be made. */
        CUT,
        /** Connections stay, and carry nothing; what was sent meanwhile arrives afterwards. */
        HANG;

        /** For people. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that may go wrong as one: the same happens to all of these parts at the same time.
     *
     * @param action what happens
     * @param parts to what
     */
    record Trouble(Action action, List<Part> parts) {
        Trouble {
            parts = List.copyOf(parts);
        }
    }

    @Override
    public String toString() {
        return action.label() + " " + part;
    }
}
