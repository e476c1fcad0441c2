package io.changeover.bench.apply;

import io.changeover.postgres.TableName;
import java.util.Map;

/**
 * A workload's changes in Kafka.
 *
 * @param changeTopic ours
 * @param tableTopics stock Debezium's, a topic for each table; none if they were not recorded
 * @param timeline of the changes
 * @param offset of our capture, with which it begins where the recording does
 */
record Recording(String changeTopic, Map<TableName, String> tableTopics, Timeline timeline, String offset) {}
