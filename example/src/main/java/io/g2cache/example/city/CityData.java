package io.g2cache.example.city;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** The cities that come with the example: GeoNames data, see NOTICE.md beside the file. Stateless. */
public final class CityData {
    private static final String RESOURCE = "/io/g2cache/example/data/cities.tsv.gz";
    private static final int COLUMNS = 8;
    private static final int BUFFER = 1 << 16;

    private CityData() {}

    /**
     * Reads all cities, ordered by id, each with revision 0.
     *
     * @throws UncheckedIOException if the data cannot be read
     */
    public static void forEach(Consumer<City> consumer) {
        try (InputStream packed = CityData.class.getResourceAsStream(RESOURCE)) {
            if (packed == null) {
                throw new IOException("no resource " + RESOURCE);
            }
            InputStream text = new GZIPInputStream(packed, BUFFER);
            BufferedReader lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8), BUFFER);
            lines.readLine(); // the header
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                consumer.accept(parse(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    static City parse(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("columns=" + columns.length + " must be " + COLUMNS + " in: " + line);
        }
        return new City(
                Long.parseLong(columns[0]),
                columns[1],
                columns[2],
                columns[3],
                columns[4],
                Long.parseLong(columns[5]),
                Double.parseDouble(columns[6]),
                Double.parseDouble(columns[7]),
                0);
    }
}
