package dev.realtime.javadoc;

import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import java.util.Optional;

/** What the Javadoc of {@link Handshake} shows. */
final class HandshakeExamples {
    /** Knows who has bought which ticket. */
    interface Tickets {
        Optional<String> ownerOf(String ticket);
    }

    private HandshakeExamples() {}

    static RealtimeBuilder withTickets(Tickets tickets) {
        return Realtime.builder().authenticator(handshake -> {
            String ticket =
                    handshake.auth("ticket").or(() -> handshake.query("ticket")).orElse("");
            return Optional.of(tickets.ownerOf(ticket)
                    .map(Principal::of)
                    .orElseThrow(() -> new ConnectRefusedException(ErrorCode.UNAUTHORIZED)));
        });
    }
}
