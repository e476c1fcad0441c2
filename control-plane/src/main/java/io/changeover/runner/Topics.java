package io.changeover.runner;

import io.changeover.migration.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics of a pair and the offsets of those who read them. */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String bootstrapServers;
    private final Names names;

    Topics(String bootstrapServers, Names names) {
        this.bootstrapServers = bootstrapServers;
        this.names = names;
    }

    /** Removes them; whether they are gone. May be tried again and again. */
    boolean delete() {
        Set<String> ours = Set.of(names.changeTopic(), names.progressTopic(), names.loadTopic());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<String> found = admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream()
                    .filter(ours::contains)
                    .toList();
            if (!found.isEmpty()) {
                admin.deleteTopics(found).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return false; // asked for again: a broker may still have them
            }
            boolean gone = isGone(admin, "connect-" + names.sink());
            return isGone(admin, "connect-" + names.loadSink()) && gone;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The topics of {} cannot be removed yet", names.changeTopic(), e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The group of a sink connector; one whose members are about to leave is there for a moment. */
    private static boolean isGone(Admin admin, String group) throws InterruptedException, TimeoutException {
        try {
            admin.deleteConsumerGroups(List.of(group)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return true;
            }
            if (!(e.getCause() instanceof GroupNotEmptyException)) {
                LOG.warn("The consumer group {} cannot be removed yet", group, e);
            }
            return false;
        }
    }
}
