package dev.realtime.spi;

import java.util.Map;

/**
 * A complete HTTP reply. {@code Content-Length} is the transport's job; {@code Content-Type} is among the headers.
 *
 * @param status the HTTP status code
 * @param headers names and values, ready to be sent
 * @param body may be empty; not to be modified
 */
@SuppressWarnings("ArrayRecordComponent") // shared bytes, compared by nobody
public record HttpReply(int status, Map<String, String> headers, byte[] body) {}
