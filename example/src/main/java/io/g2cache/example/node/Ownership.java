package io.g2cache.example.node;

/**
 * Which rows are written by one node only. Three of ten cities have such a single writer, the same for all nodes; the
 * others are written by whoever likes. Immutable.
 *
 * @param index number of this node, from 0
 * @param nodes how many nodes there are
 */
public record Ownership(int index, int nodes) {
    private static final int OF_TEN = 3;

    /** Whether only one node may write the row, and may therefore put it. */
    public static boolean hasSingleWriter(long id) {
        return Math.floorMod(id, 10) < OF_TEN;
    }

    /** The number of the node that writes the row; meaningful where there is a single writer. */
    public int writer(long id) {
        return (int) Math.floorMod(id / 10, (long) nodes);
    }

    /** Whether this node may write the row. */
    public boolean mayWrite(long id) {
        return !hasSingleWriter(id) || writer(id) == index;
    }
}
