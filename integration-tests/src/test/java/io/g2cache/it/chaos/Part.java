package io.g2cache.it.chaos;

import java.util.Locale;

/**
 * Something that can break. Immutable.
 *
 * @param kind what it is
 * @param number which one of its kind, from 1
 */
record Part(Kind kind, int number) {
    /** Processes, and the ways between them. */
    enum Kind {
        /** The process of a node. */
        NODE,
        /** The process of a broker. */
        BROKER,
        /** The process of a Hazelcast member. */
        MEMBER,
        /** The ways of one node to all brokers. */
        LOG_WAY,
        /** The ways of one node to all members. */
        OUT_WAY,
        /** The ways of all nodes to one broker. */
        BROKER_WAY,
        /** The ways of all nodes to one member. */
        MEMBER_WAY,
        /** The way between the two members, whose cluster is split without it. */
        MEMBERS_WAY;

        /** For people. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @Override
    public String toString() {
        return kind.label() + " " + number;
    }
}
