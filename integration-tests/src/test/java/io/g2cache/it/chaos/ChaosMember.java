package io.g2cache.it.chaos;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.Arrays;

/** The program of a Hazelcast member, until it is killed or its standard input ends: says READY. */
final class ChaosMember {
    private ChaosMember() {}

    /** Arguments: cluster name, own port, port that the others know it by, and such ports of all members. */
    public static void main(String[] args) throws Exception {
        // What a tormented member has to say fills the output of the tests.
        System.setProperty("org.slf4j.simpleLogger.log.com.hazelcast", "off");
        Config config = new Config().setClusterName(args[0]);
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
                .setProperty("hazelcast.merge.first.run.delay.seconds", "2")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "2")
                .setProperty("hazelcast.shutdownhook.enabled", "false");
        config.getNetworkConfig()
                .setPort(Integer.parseInt(args[1]))
                .setPortAutoIncrement(false)
                .setPublicAddress("127.0.0.1:" + args[2]);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        Arrays.stream(args).skip(3).forEach(port -> join.getTcpIpConfig().addMember("127.0.0.1:" + port));
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        System.out.println("READY " + member.getName());
        while (System.in.read() >= 0) {
            // until the end
        }
        System.exit(0);
    }
}
