package io.g2cache.example.city;

/**
 * A populated place.
 *
 * @param id GeoNames id
 * @param name name in its country's own use, in Latin letters where there is such a form
 * @param country ISO 3166 code of the country
 * @param feature GeoNames feature code, such as PPLC for a capital
 * @param admin code of the first-level administrative division; may be empty
 * @param population inhabitants
 * @param latitude degrees
 * @param longitude degrees
 * @param revision how often the row was changed since the database was filled
 */
public record City(
        long id,
        String name,
        String country,
        String feature,
        String admin,
        long population,
        double latitude,
        double longitude,
        long revision) {}
