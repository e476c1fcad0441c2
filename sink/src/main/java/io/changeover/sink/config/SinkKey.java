package io.changeover.sink.config;

import org.apache.kafka.common.config.ConfigDef;

/**
 * How a key is called and shown.
 *
 * @param name what is written in a configuration
 * @param type the type of its value
 * @param width how much room its value needs
 * @param title what people read
 */
record SinkKey(String name, ConfigDef.Type type, ConfigDef.Width width, String title) {}
