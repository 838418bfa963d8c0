package io.g2cache.testkit.kafka;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Gives and takes permissions on a broker that checks them. Needs {@code kafka-clients}, which is an optional dependency of
 * the test kit. Thread-safe. Every call ends within 30 seconds, with an {@link IllegalStateException} where it fails; when
 * one returns, the broker goes by what it changed.
 */
public final class KafkaAcls implements AutoCloseable {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 10;

    private final Admin admin;

    /** Connects to a listener on which everything is allowed. */
    public KafkaAcls(String bootstrapServers) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /**
     * A permission, not given yet.
     *
     * @param user name of the user
     * @param type kind of resource
     * @param name name of the resource, or what its name begins with
     * @param pattern which of these
     * @param operation what is allowed
     */
    public static AclBinding permission(
            String user, ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    /** Gives permissions. */
    public void allow(Collection<AclBinding> permissions) {
        TopicAdmin.get("allowing " + permissions, admin.createAcls(permissions).all());
        permissions.forEach(permission -> await(permission, true));
    }

    /** Takes a permission away. */
    public void remove(AclBinding permission) {
        TopicAdmin.get(
                "removing " + permission,
                admin.deleteAcls(List.of(permission.toFilter())).all());
        await(permission, false);
    }

    /** Takes all permissions of all users away. */
    public void removeAll() {
        TopicAdmin.get(
                        "reading permissions",
                        admin.describeAcls(AclBindingFilter.ANY).values())
                .forEach(this::remove);
    }

    private void await(AclBinding permission, boolean wanted) {
        long start = TimeSource.SYSTEM.monotonicMillis();
        while (exists(permission) != wanted) {
            if (TimeSource.SYSTEM.monotonicMillis() - start > CALL.toMillis()) {
                throw new IllegalStateException(
                        "the broker did not take it over, permission=" + permission + ", wanted=" + wanted);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for permission=" + permission, e);
            }
        }
    }

    private boolean exists(AclBinding permission) {
        return !TopicAdmin.get(
                        "reading " + permission,
                        admin.describeAcls(permission.toFilter()).values())
                .isEmpty();
    }

    @Override
    public void close() {
        admin.close(CLOSE);
    }
}
