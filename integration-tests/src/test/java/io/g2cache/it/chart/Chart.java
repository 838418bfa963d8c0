package io.g2cache.it.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart of values per second, written as inline SVG: lines over a shared axis of time, pieces of it as grey bands
 * behind them. Not thread-safe.
 */
public final class Chart {
    /** Units of the drawing across. */
    public static final int WIDTH = 1000;
    /** Where the time begins. */
    public static final int LEFT = 90;
    /** Where it ends. */
    public static final int RIGHT = 980;

    private static final int TOP = 34;
    private static final int BOTTOM = 190;
    private static final int HEIGHT = 216;

    /**
     * A piece of time.
     *
     * @param from seconds
     * @param to seconds
     */
    public record Band(double from, double to) {}

    private record Series(String name, String colour, double[] values) {}

    private final String title;
    private final double seconds;
    private final boolean logarithmic;
    private final List<Band> bands;
    private final List<Series> lines = new ArrayList<>();
    private double limit = Double.NaN;

    /** A chart over so many seconds; a logarithmic one begins at 0.1, and shows no less. */
    public Chart(String title, double seconds, boolean logarithmic, List<Band> bands) {
        this.title = title;
        this.seconds = seconds;
        this.logarithmic = logarithmic;
        this.bands = List.copyOf(bands);
    }

    /** Adds a value for each second; NaN leaves a hole. */
    public Chart line(String name, String colour, double[] values) {
        lines.add(new Series(name, colour, values.clone()));
        return this;
    }

    /** Draws a dashed line at a value that should not be exceeded. */
    public Chart limit(double value) {
        limit = value;
        return this;
    }

    /** Where a moment lies. */
    public static double x(double second, double seconds) {
        return LEFT + (RIGHT - LEFT) * Math.min(1, Math.max(0, second / seconds));
    }

    /** The drawing. */
    public String svg() {
        double highest = Double.isNaN(limit) ? 1 : limit;
        for (Series line : lines) {
            for (double value : line.values) {
                highest = Double.isNaN(value) ? highest : Math.max(highest, value);
            }
        }
        double top = logarithmic ? Math.pow(10, Math.ceil(Math.log10(highest))) : niceAbove(highest);
        StringBuilder svg = new StringBuilder();
        svg.append(open(WIDTH, HEIGHT));
        bands.forEach(band -> svg.append(rectangle(
                x(band.from, seconds), TOP, x(band.to, seconds) - x(band.from, seconds), BOTTOM - TOP, "#eceff3", "")));
        grid(svg, top);
        lines.forEach(line -> svg.append(path(line, top)));
        if (!Double.isNaN(limit)) {
            svg.append(format(
                    "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#b00020' stroke-dasharray='6 4'/>",
                    LEFT, RIGHT, y(limit, top), y(limit, top)));
        }
        legend(svg);
        svg.append(timeAxis(seconds, BOTTOM)).append("</svg>\n");
        return svg.toString();
    }

    private void legend(StringBuilder svg) {
        svg.append(text(LEFT, 16, "start", "#222", title));
        double at = RIGHT;
        for (int i = lines.size() - 1; i >= 0; i--) {
            svg.append(text(at, 16, "end", lines.get(i).colour, "■ " + lines.get(i).name));
            at -= 34 + 7.5 * lines.get(i).name.length();
        }
    }

    private void grid(StringBuilder svg, double top) {
        List<Double> marks = new ArrayList<>();
        if (logarithmic) {
            for (double mark = 0.1; mark <= top * 1.01; mark *= 10) {
                marks.add(mark);
            }
        } else {
            for (int i = 0; i <= 4; i++) {
                marks.add(top * i / 4);
            }
        }
        for (double mark : marks) {
            double y = y(mark, top);
            svg.append(format("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#d5d9df'/>", LEFT, RIGHT, y, y));
            svg.append(text(LEFT - 6, y + 4, "end", "#555", number(mark)));
        }
    }

    private double y(double value, double top) {
        double part = logarithmic ? Math.log10(Math.max(0.1, value) / 0.1) / Math.log10(top / 0.1) : value / top;
        return BOTTOM - (BOTTOM - TOP) * Math.min(1, Math.max(0, part));
    }

    private String path(Series line, double top) {
        StringBuilder path = new StringBuilder();
        boolean isOpen = false;
        for (int i = 0; i < line.values.length; i++) {
            if (Double.isNaN(line.values[i])) {
                isOpen = false;
                continue;
            }
            path.append(format("%s%.1f %.1f", isOpen ? "L" : "M", x(i + 0.5, seconds), y(line.values[i], top)));
            isOpen = true;
        }
        return "<path d='" + path + "' fill='none' stroke='" + line.colour
                + "' stroke-width='1.6' stroke-linecap='round'/>";
    }

    /** One to five, times a power of ten, at or above the value. */
    static double niceAbove(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 2, 4, 5, 8, 10}) {
            if (step * power >= value) {
                return step * power;
            }
        }
        return 10 * power;
    }

    /** The beginning of a drawing that takes the width of its page. */
    public static String open(int width, int height) {
        return format("<svg viewBox='0 0 %d %d' role='img'>%n", width, height);
    }

    /** A rectangle with a tooltip, where that is not empty. */
    public static String rectangle(double x, double y, double width, double height, String colour, String tip) {
        return format(
                "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'>%s</rect>%n",
                x, y, Math.max(0.5, width), height, colour, tip.isEmpty() ? "" : "<title>" + escape(tip) + "</title>");
    }

    /** Text at a point. */
    public static String text(double x, double y, String anchor, String colour, String text) {
        return format(
                "<text x='%.1f' y='%.1f' text-anchor='%s' fill='%s'>%s</text>%n", x, y, anchor, colour, escape(text));
    }

    /** Marks of the time, in seconds, below a line. */
    public static String timeAxis(double seconds, double y) {
        double step = niceAbove(seconds / 12);
        StringBuilder marks = new StringBuilder();
        for (double second = 0; second <= seconds; second += step) {
            marks.append(text(x(second, seconds), y + 16, "middle", "#555", number(second) + " s"));
        }
        return marks.toString();
    }

    /** Without needless digits. */
    public static String number(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : format("%.1f", value);
    }

    /** Safe in text and attributes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
