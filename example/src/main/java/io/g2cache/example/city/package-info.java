/** Cities of the world, and the database that holds them. */
@NullMarked
package io.g2cache.example.city;

import org.jspecify.annotations.NullMarked;
