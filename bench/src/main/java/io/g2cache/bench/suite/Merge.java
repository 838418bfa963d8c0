package io.g2cache.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.MultisetStatistics;
import org.openjdk.jmh.util.Statistics;

/** Joins the raw data of forks, as JMH writes them to JSON, to one score. Stateless. */
final class Merge {
    private static final double CONFIDENCE = 0.999;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};

    private Merge() {}

    /**
     * The score of some forks of one row.
     *
     * @param forks the single element of each fork's JSON
     * @throws IllegalArgumentException if there is none, or their units differ
     */
    static Score of(List<JsonNode> forks) {
        if (forks.isEmpty()) {
            throw new IllegalArgumentException("no fork to merge");
        }
        List<JsonNode> primaries =
                forks.stream().map(fork -> fork.path("primaryMetric")).toList();
        String unit = primaries.get(0).path("scoreUnit").asText();
        for (JsonNode primary : primaries) {
            if (!primary.path("scoreUnit").asText().equals(unit)) {
                throw new IllegalArgumentException("units differ: " + unit + " and "
                        + primary.path("scoreUnit").asText());
            }
        }
        boolean sampled = primaries.get(0).has("rawDataHistogram");
        Statistics statistics = sampled ? samples(primaries) : means(primaries);
        Map<String, Double> percentiles = new LinkedHashMap<>();
        if (sampled) {
            for (double percentile : PERCENTILES) {
                percentiles.put(label(percentile), statistics.getPercentile(percentile));
            }
            percentiles.put("max", statistics.getMax());
        }
        return new Score(
                statistics.getMean(),
                statistics.getMeanErrorAt(CONFIDENCE),
                unit,
                statistics.getN(),
                percentiles,
                secondary(forks));
    }

    private static String label(double percentile) {
        return percentile == Math.rint(percentile) ? "p" + (int) percentile : "p" + percentile;
    }

    private static Statistics means(Collection<JsonNode> metrics) {
        ListStatistics statistics = new ListStatistics();
        for (JsonNode metric : metrics) {
            for (JsonNode fork : metric.path("rawData")) {
                fork.forEach(iteration -> statistics.addValue(iteration.asDouble()));
            }
        }
        return statistics;
    }

    private static Statistics samples(Collection<JsonNode> metrics) {
        MultisetStatistics statistics = new MultisetStatistics();
        for (JsonNode metric : metrics) {
            for (JsonNode fork : metric.path("rawDataHistogram")) {
                for (JsonNode iteration : fork) {
                    iteration.forEach(bucket -> statistics.addValue(
                            bucket.path(0).asDouble(), bucket.path(1).asLong()));
                }
            }
        }
        return statistics;
    }

    private static Map<String, Double> secondary(List<JsonNode> forks) {
        Map<String, List<JsonNode>> metrics = new TreeMap<>();
        for (JsonNode fork : forks) {
            fork.path("secondaryMetrics")
                    .properties()
                    .forEach(metric -> metrics.computeIfAbsent(metric.getKey(), name -> new ArrayList<>())
                            .add(metric.getValue()));
        }
        Map<String, Double> means = new TreeMap<>();
        metrics.forEach((name, found) -> means.put(name, means(found).getMean()));
        return means;
    }
}
