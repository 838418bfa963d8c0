package io.g2cache.it.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The highest version that was reached at each moment. Not thread-safe; filled first, asked then. */
final class Timeline {
    private record Step(long time, long version) {}

    private final List<Step> steps = new ArrayList<>();
    private long[] times = {};
    private long[] highest = {};

    /** The version was reached at this moment. */
    void add(long time, long version) {
        steps.add(new Step(time, version));
        times = new long[0];
    }

    /** The highest version that was reached before this moment; 0 where there is none. */
    long before(long time) {
        sort();
        int found = Arrays.binarySearch(times, time);
        int index = found >= 0 ? found : -found - 1;
        while (index > 0 && times[index - 1] >= time) {
            index--;
        }
        return index == 0 ? 0 : highest[index - 1];
    }

    /** When a version above this one was reached first; {@link Long#MAX_VALUE} if never. */
    long firstAbove(long version) {
        sort();
        int low = 0;
        int high = highest.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (highest[middle] > version) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == highest.length ? Long.MAX_VALUE : times[low];
    }

    private void sort() {
        if (times.length == steps.size()) {
            return;
        }
        steps.sort(Comparator.comparingLong(Step::time));
        times = steps.stream().mapToLong(Step::time).toArray();
        highest = steps.stream().mapToLong(Step::version).toArray();
        for (int i = 1; i < highest.length; i++) {
            highest[i] = Math.max(highest[i], highest[i - 1]);
        }
    }
}
