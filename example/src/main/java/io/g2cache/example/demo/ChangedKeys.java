package io.g2cache.example.demo;

import io.g2cache.example.node.Ownership;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses cities that nodes may change: the most populous, those with a single writer for that writer. Stateless.
 */
final class ChangedKeys {
    private ChangedKeys() {}

    /**
     * For each of the writers an equal share of the cities.
     *
     * @param ranked ids, the most populous first
     * @param count how many in all
     * @param nodes how many nodes there are
     * @param writers numbers of the nodes that write
     */
    static List<List<Long>> share(long[] ranked, int count, int nodes, List<Integer> writers) {
        List<List<Long>> shares = new ArrayList<>();
        writers.forEach(writer -> shares.add(new ArrayList<>()));
        int each = count / writers.size();
        for (long id : ranked) {
            int emptiest = 0;
            for (int i = 0; i < shares.size(); i++) {
                boolean allowed = new Ownership(writers.get(i), nodes).mayWrite(id);
                boolean chosenAllowed = new Ownership(writers.get(emptiest), nodes).mayWrite(id);
                boolean fewer = shares.get(i).size() < shares.get(emptiest).size();
                if (allowed && (fewer || !chosenAllowed)) {
                    emptiest = i;
                }
            }
            if (new Ownership(writers.get(emptiest), nodes).mayWrite(id)
                    && shares.get(emptiest).size() < each) {
                shares.get(emptiest).add(id);
            }
        }
        return shares;
    }
}
