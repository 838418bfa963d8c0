package io.g2cache.testkit.races;

import io.g2cache.testkit.FakeTime;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The text of one run, line by line: number, seconds of all nodes' time, node, what was done, what came of it. Indented as deep
 * as loaders run inside one another. Used by one thread.
 */
final class Narrative {
    private final StringBuilder text = new StringBuilder(16 << 10);
    private final FakeTime time;
    private final TwoNodes nodes;
    private int lines;
    private int depth;

    Narrative(TwoNodes nodes) {
        this.nodes = nodes;
        this.time = nodes.time();
    }

    /** Adds a line. */
    void tell(@Nullable TestNode node, String what) {
        long millis = TimeUnit.NANOSECONDS.toMillis(time.monotonicNanos());
        text.append(lines++)
                .append(' ')
                .append(millis / 1000)
                .append('.')
                .append(String.valueOf(1000 + millis % 1000), 1, 4)
                .append(node == null ? " -- " : " n" + nodes.nodes().indexOf(node) + ' ');
        for (int i = 0; i < depth; i++) {
            text.append("| ");
        }
        text.append(what).append('\n');
    }

    void deeper(int by) {
        depth += by;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
