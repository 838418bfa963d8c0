package io.g2cache.bench.peers;

import org.jspecify.annotations.Nullable;

/**
 * One number about one peer.
 *
 * @param peer whose it is
 * @param name what it says
 * @param value the number; null where it could not be had
 * @param unit its unit
 * @param note what has to be known of it; may be empty
 */
record PeerFigure(Peer peer, String name, @Nullable Double value, String unit, String note) {}
