package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;

/**
 * Answers the requests of one path of a {@link StandaloneServer}. Runs on the server's worker pool, so it may block; what it throws
 * becomes a 500 and a line in the log.
 */
@FunctionalInterface
public interface RestHandler {

    /**
     * @param request a copy that may be kept
     * @param body the whole body, empty when there is none
     */
    HttpReply handle(RequestView request, byte[] body) throws Exception;
}
