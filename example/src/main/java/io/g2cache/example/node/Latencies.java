package io.g2cache.example.node;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long reads took, by HdrHistogram. Thread-safe and free of waiting for those who record; one thread takes the
 * intervals.
 */
public final class Latencies {
    private static final long LONGEST = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Recorder recorder = new Recorder(LONGEST, DIGITS);

    /**
     * The reads of an interval.
     *
     * @param count how many
     * @param p50Micros median, microseconds; 0 if there were none
     * @param p99Micros 99th percentile, microseconds; 0 if there were none
     */
    public record Interval(long count, double p50Micros, double p99Micros) {}

    /** Records one read; what took longer than a minute counts as a minute. */
    public void record(long nanos) {
        recorder.recordValue(Math.min(Math.max(nanos, 0), LONGEST));
    }

    /** The reads since the last call. */
    public Interval next() {
        Histogram histogram = recorder.getIntervalHistogram();
        return new Interval(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50) / 1_000.0,
                histogram.getValueAtPercentile(99) / 1_000.0);
    }
}
