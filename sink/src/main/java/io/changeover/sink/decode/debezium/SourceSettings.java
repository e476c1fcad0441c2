package io.changeover.sink.decode.debezium;

/**
 * What the source was told and its records do not say.
 *
 * @param unsent what stands for a value that was not sent ({@code unavailable.value.placeholder})
 * @param binary how the bytes of bytea columns travel ({@code binary.handling.mode})
 */
public record SourceSettings(String unsent, BinaryMode binary) {

    /** Debezium's defaults. */
    public static final SourceSettings DEFAULT = new SourceSettings("__debezium_unavailable_value", BinaryMode.BYTES);
}
