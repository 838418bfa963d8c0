/** What a node tells an auditor about its tiers, and when tiers contradict the log or each other. */
@NullMarked
package io.g2cache.audit;

import org.jspecify.annotations.NullMarked;
