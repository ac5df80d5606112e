package dev.realtime.javadoc;

import dev.realtime.Namespace;
import dev.realtime.Replies;
import dev.realtime.Request;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the Javadoc of {@link Replies} shows. */
final class RepliesExamples {
    static final Request<String, Boolean> READY = Request.of("ready", String.class, Boolean.class);

    private static final Logger log = LoggerFactory.getLogger(RepliesExamples.class);

    private RepliesExamples() {}

    static void ask(Namespace game) {
        game.room("match:7").request(READY, "now?", Duration.ofSeconds(5)).thenAccept(replies -> {
            if (!replies.complete()) {
                log.info("{} have not answered, {} nodes neither", replies.missing(), replies.missingNodes());
            }
            start(replies.answers().keySet());
        });
    }

    private static void start(Set<String> players) {
        log.info("the match begins with {}", players);
    }
}
