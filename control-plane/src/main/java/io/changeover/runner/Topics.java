package io.changeover.runner;

import io.changeover.kafka.KafkaClients;
import io.changeover.leader.Tenure;
import io.changeover.migration.Names;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics of a pair and the offsets of those who read them. */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaClients kafka;
    private final Names names;
    private final Tenure tenure;

    Topics(KafkaClients kafka, Names names, Tenure tenure) {
        this.tenure = tenure;
        this.kafka = kafka;
        this.names = names;
    }

    /** Removes them; whether they are gone. May be tried again and again. */
    boolean delete() throws SQLException {
        return tenure.during("removal of the topics of " + names.changeTopic(), this::deleteNow);
    }

    private boolean deleteNow() {
        Set<String> ours = Set.of(names.changeTopic(), names.progressTopic(), names.loadTopic());
        try (Admin admin = Admin.create(kafka.config(Map.of()))) {
            // by identity: a request that comes late cannot remove topics of the same names that were made since
            List<Uuid> found = admin.listTopics().listings().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream()
                    .filter(topic -> ours.contains(topic.name()))
                    .map(TopicListing::topicId)
                    .toList();
            if (!found.isEmpty()) {
                admin.deleteTopics(TopicCollection.ofTopicIds(found)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
