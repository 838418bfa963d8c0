package io.g2cache.audit;

import org.jspecify.annotations.Nullable;

/**
 * An event that concerns a key.
 *
 * @param version its offset
 * @param value what it carries; null where it carries nothing, or that is not known
 */
public record AuditEvent(long version, @Nullable AuditedEntry value) {}
