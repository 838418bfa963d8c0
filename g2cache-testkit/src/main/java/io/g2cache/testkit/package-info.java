/**
 * For tests of g2cache and of its adapters: contracts that every tier and log passes, reference implementations in memory,
 * fault injection, and a time source and an executor that only move when told to.
 */
@NullMarked
package io.g2cache.testkit;

import org.jspecify.annotations.NullMarked;
