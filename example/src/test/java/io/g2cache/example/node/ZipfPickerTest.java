package io.g2cache.example.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ZipfPickerTest {
    private static final int PICKS = 200_000;

    private static double[] shares(double exponent, int items) {
        ZipfPicker picker = new ZipfPicker(LongStream.range(0, items).toArray(), exponent, 42);
        double[] shares = new double[items];
        for (int i = 0; i < PICKS; i++) {
            shares[(int) picker.next()] += 1.0 / PICKS;
        }
        return shares;
    }

    @Test
    void picksByRank() {
        double[] shares = shares(1, 4);

        double sum = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0;
        for (int i = 0; i < shares.length; i++) {
            assertThat(shares[i]).isCloseTo(1 / (i + 1.0) / sum, within(0.005));
        }
    }

    @Test
    void picksEvenlyWithoutSkew() {
        assertThat(shares(0, 5)).containsExactly(new double[] {0.2, 0.2, 0.2, 0.2, 0.2}, within(0.005));
    }

    @Test
    void repeatsItselfForASeed() {
        long[] items = LongStream.range(0, 1_000).toArray();
        ZipfPicker one = new ZipfPicker(items, 0.99, 7);
        ZipfPicker same = new ZipfPicker(items, 0.99, 7);
        ZipfPicker other = new ZipfPicker(items, 0.99, 8);
        long[] first = LongStream.generate(one::next).limit(100).toArray();

        assertThat(LongStream.generate(same::next).limit(100).toArray()).isEqualTo(first);
        assertThat(LongStream.generate(other::next).limit(100).toArray()).isNotEqualTo(first);
    }

    @Test
    void refusesNothingToPickFrom() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ZipfPicker(new long[0], 1, 1))
                .withMessageContaining("items=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ZipfPicker(new long[] {1}, -1, 1))
                .withMessageContaining("exponent=-1.0");
    }
}
