/** The codecs that come with the product. Jackson and Avro are needed only where their codec is used. */
@NullMarked
package io.g2cache.codec;

import org.jspecify.annotations.NullMarked;
