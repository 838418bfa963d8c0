/** Pages with curves, which long tests leave behind. */
@NullMarked
package io.g2cache.it.chart;

import org.jspecify.annotations.NullMarked;
