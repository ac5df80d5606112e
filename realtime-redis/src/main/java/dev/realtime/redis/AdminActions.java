package dev.realtime.redis;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import java.util.concurrent.CompletionStage;

/** What commands do, by the engine of the node that carries them out. */
record AdminActions(Realtime realtime, Event<String> announcement) {

    /**
     * @param command as JSON
     * @return completes when it is done, in the whole cluster
     */
    CompletionStage<?> carryOut(String command) {
        return carryOut(AdminCommandForm.read(command));
    }

    private CompletionStage<?> carryOut(AdminCommand command) {
        if (command instanceof AdminCommand.Disconnect one) {
            return realtime.users().user(one.user()).disconnect(one.reason());
        }
        if (command instanceof AdminCommand.RevokeCredentials one) {
            return realtime.users().user(one.user()).revokeCredentials();
        }
        if (command instanceof AdminCommand.RevokeToken one) {
            return realtime.users().revokeToken(one.tokenId(), one.duration());
        }
        if (command instanceof AdminCommand.Announce one) {
            Namespace everybody = realtime.namespace(one.namespace());
            return one.room().isPresent()
                    ? everybody.room(one.room().get()).emit(announcement, one.text())
                    : everybody.emit(announcement, one.text());
        }
        if (command instanceof AdminCommand.Join one) {
            return realtime.namespace(one.namespace())
                    .user(one.user())
                    .join(one.rooms().toArray(String[]::new));
        }
        if (command instanceof AdminCommand.Leave one) {
            return realtime.namespace(one.namespace())
                    .user(one.user())
                    .leave(one.rooms().toArray(String[]::new));
        }
        throw new IllegalStateException("nobody carries out " + command.getClass());
    }
}
