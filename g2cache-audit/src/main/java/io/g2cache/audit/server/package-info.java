/** Answers an auditor's questions about a node; docs/audit.md describes the protocol. */
@NullMarked
package io.g2cache.audit.server;

import org.jspecify.annotations.NullMarked;
