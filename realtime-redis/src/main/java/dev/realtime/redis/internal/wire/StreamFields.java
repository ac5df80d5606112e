package dev.realtime.redis.internal.wire;

/**
 * An entry of the stream as it stands there.
 *
 * @param uid who wrote it
 * @param data UTF-8 text: JSON, or where there are binary values base64 of msgpack; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way, compared by nobody
public record StreamFields(String uid, String namespace, int type, byte[] data) {}
