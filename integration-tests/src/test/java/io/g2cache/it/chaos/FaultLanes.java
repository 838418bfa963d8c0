package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Fault.Action;
import io.g2cache.it.chart.Chart;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Draws which part was broken when, a lane for each. */
final class FaultLanes {
    private static final int LANE = 20;
    private static final int TOP = 30;
    private static final Map<Action, String> COLOURS =
            Map.of(Action.KILL, "#b00020", Action.FREEZE, "#1565c0", Action.CUT, "#e07b00", Action.HANG, "#7b3fa0");

    private FaultLanes() {}

    /** The strikes of a run that began at this moment; what is pale is a part that was on its way back. */
    static String svg(List<Strike> strikes, long begin, double seconds) {
        List<Part> parts = strikes.stream()
                .map(strike -> strike.fault().part())
                .distinct()
                .sorted(Comparator.comparing(Part::kind).thenComparing(Part::number))
                .collect(Collectors.toList());
        int bottom = TOP + parts.size() * LANE;
        StringBuilder svg = new StringBuilder(Chart.open(Chart.WIDTH, bottom + 26));
        svg.append(Chart.text(Chart.LEFT, 16, "start", "#222", "faults"));
        double at = Chart.RIGHT;
        for (Action action : Action.values()) {
            svg.append(Chart.text(at, 16, "end", COLOURS.get(action), "■ " + action.label()));
            at -= 90;
        }
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            double y = TOP + i * LANE;
            svg.append(Chart.rectangle(
                    Chart.LEFT, y, Chart.RIGHT - Chart.LEFT, LANE - 2, i % 2 == 0 ? "#f4f6f8" : "#fafbfc", ""));
            svg.append(Chart.text(Chart.LEFT - 6, y + 14, "end", "#333", part.toString()));
            strikes.stream()
                    .filter(strike -> strike.fault().part().equals(part))
                    .forEach(strike -> svg.append(bar(strike, begin, seconds, y)));
        }
        return svg.append(Chart.timeAxis(seconds, bottom)).append("</svg>\n").toString();
    }

    private static String bar(Strike strike, long begin, double seconds, double y) {
        String colour = COLOURS.get(strike.fault().action());
        double from = (strike.began() - begin) / 1e9;
        double undoing = (strike.undoing() - begin) / 1e9;
        double undone = (strike.undone() - begin) / 1e9;
        String tip = strike.fault() + ", " + Chart.number(Math.rint(from * 10) / 10) + " s to "
                + Chart.number(Math.rint(undone * 10) / 10) + " s";
        double left = Chart.x(from, seconds);
        double middle = Chart.x(undoing, seconds);
        return Chart.rectangle(left, y, middle - left, LANE - 2, colour, tip)
                + Chart.rectangle(middle, y, Chart.x(undone, seconds) - middle, LANE - 2, colour + "66", tip);
    }
}
