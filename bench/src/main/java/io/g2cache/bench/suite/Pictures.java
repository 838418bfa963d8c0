package io.g2cache.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** The charts as PNG files for documents; needs no display. Stateless. */
final class Pictures {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 320;

    private Pictures() {}

    /** Where the picture of a contest lies in a folder. */
    static String file(List<Measured> contest) {
        Row row = contest.get(0).row();
        String slug = (row.group().label() + " " + row.thing())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        return "bench-" + slug + ".png";
    }

    /** Draws every contest that has more than one row. */
    static void draw(List<List<Measured>> contests, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(folder);
        for (List<Measured> contest : contests) {
            if (contest.size() > 1) {
                BitmapEncoder.saveBitmap(
                        chart(contest), folder.resolve(file(contest)).toString(), BitmapEncoder.BitmapFormat.PNG);
            }
        }
    }

    private static CategoryChart chart(List<Measured> contest) {
        Measured first = contest.get(0);
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(first.row().thing())
                .yAxisTitle(first.score().unit())
                .build();
        chart.getStyler().setXAxisLabelRotation(15).setLegendVisible(false);
        chart.addSeries(
                first.row().thing(),
                contest.stream().map(measured -> measured.row().side().name()).toList(),
                contest.stream()
                        .map(measured -> (Number) measured.score().value())
                        .toList(),
                contest.stream()
                        .map(measured -> (Number) Page.error(measured.score()))
                        .toList());
        return chart;
    }
}
