/** A small HTTP server of JSON and files on the loopback interface. */
@NullMarked
package io.g2cache.example.http;

import org.jspecify.annotations.NullMarked;
