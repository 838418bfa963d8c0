package io.g2cache.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.partition.PartitionLostEvent;
import com.hazelcast.partition.PartitionLostListener;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Sees when the cluster may have lost writes, or may hold old values again: a member is gone, or comes back; a split has ended;
 * a client was cut off; all replicas of a partition are lost. A merge puts everything since the split in doubt, which began when
 * the first of the members that are missing was found to be gone; what was found then had been so for a while.
 *
 * <p>Concurrency: Hazelcast calls it from its own threads; the monitor guards what is remembered. The listener is called
 * outside of it.
 */
final class ClusterWatch implements MembershipListener, LifecycleListener, PartitionLostListener, AutoCloseable {
    /** By how much a cut may be older than its discovery: the longest silence that stock members bear. */
    static final Duration DISCOVERY = Duration.ofSeconds(60);

    private static final int MOST_REMEMBERED = 1000;
    private static final long NEVER = Long.MAX_VALUE;

    private final HazelcastInstance instance;
    private final OutDoubts doubts;
    private final TimeSource time;
    private final int backupCount;
    private final UUID members;
    private final UUID states;
    private final Map<Address, Long> gone = new HashMap<>();
    private long goneForgotten = NEVER;
    private long splitSince = NEVER;
    private long cutOffSince = NEVER;

    /** Listens from now on, but for lost partitions. */
    ClusterWatch(HazelcastInstance instance, OutDoubts doubts, TimeSource time, int backupCount) {
        this.instance = instance;
        this.doubts = doubts;
        this.time = time;
        this.backupCount = backupCount;
        this.members = instance.getCluster().addMembershipListener(this);
        this.states = instance.getLifecycleService().addLifecycleListener(this);
    }

    /** Listens to lost partitions too; a client asks its cluster for that, and blocks. */
    UUID listenToLosses() {
        return instance.getPartitionService().addPartitionLostListener(this);
    }

    private long discovered() {
        return time.wallMillis() - DISCOVERY.toMillis();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        Address address = event.getMember().getAddress();
        long since = discovered();
        synchronized (this) {
            if (gone.size() < MOST_REMEMBERED) {
                gone.putIfAbsent(address, since);
            } else {
                goneForgotten = Math.min(goneForgotten, since);
            }
        }
        doubts.doubt(
                since,
                "member=" + address + " is gone, members=" + event.getMembers().size());
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        Address address = event.getMember().getAddress();
        Long since;
        synchronized (this) {
            since = gone.remove(address);
        }
        if (since != null) {
            doubts.doubt(since, "member=" + address + " is back");
        }
    }

    private synchronized long oldestGone() {
        long oldest = gone.values().stream().mapToLong(Long::longValue).min().orElse(NEVER);
        return Math.min(discovered(), Math.min(oldest, goneForgotten));
    }

    @Override
    public void stateChanged(LifecycleEvent event) {
        switch (event.getState()) {
            case MERGING -> doubts.doubt(merging(), "a split of the cluster is about to end");
            case MERGED -> doubts.doubt(merged(), "a split of the cluster has ended");
            case MERGE_FAILED -> doubts.doubt(merging(), "the end of a split of the cluster has failed");
            case CLIENT_DISCONNECTED -> doubts.doubt(cutOff(), "the client is cut off");
            case CLIENT_CONNECTED, CLIENT_CHANGED_CLUSTER -> {
                long since = connected();
                if (since != NEVER) {
                    doubts.doubt(since, "the client is connected anew");
                }
            }
            default -> {
                // starts and ends of this instance itself
            }
        }
    }

    private synchronized long merging() {
        splitSince = Math.min(splitSince, oldestGone());
        return splitSince;
    }

    private synchronized long merged() {
        long since = Math.min(splitSince, oldestGone());
        splitSince = NEVER;
        return since;
    }

    private synchronized long cutOff() {
        cutOffSince = Math.min(cutOffSince, oldestGone());
        return cutOffSince;
    }

    private synchronized long connected() {
        long since = cutOffSince;
        cutOffSince = NEVER;
        return since;
    }

    /** Floors have at least one backup, and are as old as the log. */
    @Override
    public void partitionLost(PartitionLostEvent event) {
        int lost = event.getLostBackupCount();
        if (lost >= Math.max(1, backupCount)) {
            doubts.doubt(
                    OutDoubts.EVERYTHING,
                    "partitionId=" + event.getPartitionId() + " has lost the owner and backups=" + lost);
        } else if (lost >= backupCount) {
            doubts.doubt(discovered(), "partitionId=" + event.getPartitionId() + " has lost its owner, backupCount=0");
        }
    }

    @Override
    public void close() {
        instance.getCluster().removeMembershipListener(members);
        instance.getLifecycleService().removeLifecycleListener(states);
    }
}
