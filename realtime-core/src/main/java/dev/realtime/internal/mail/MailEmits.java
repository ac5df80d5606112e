package dev.realtime.internal.mail;

import dev.realtime.Event.Contract;
import dev.realtime.Position;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.mail.Mail;
import dev.realtime.spi.Target;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the audiences of a namespace emit that is kept until it is acknowledged, where that is switched on. Thread-safe. */
public final class MailEmits {
    private static final String USER = RoomKind.USER.name() + ':';

    private final String namespace;
    private final @Nullable NamespaceMail mail;

    /** @param mail null where it is off */
    public MailEmits(String namespace, @Nullable NamespaceMail mail) {
        this.namespace = namespace;
        this.mail = mail;
    }

    private NamespaceMail on() {
        if (mail == null) {
            throw new IllegalStateException("mail is off in " + namespace + "; NamespaceSetup.mail switches it on");
        }
        return mail;
    }

    /** @throws IllegalStateException where it is off */
    public Mail mail() {
        return on();
    }

    /** Mail, for those parts of the engine that it concerns; null where it is off. */
    public @Nullable NamespaceMail here() {
        return mail;
    }

    /**
     * Emits an event that persists.
     *
     * @throws IllegalArgumentException if it is not for users alone, or cannot be kept
     */
    public <T> CompletionStage<Position> emit(
            Target target, Contract<T> contract, @Nullable T payload, @Nullable Session sender) {
        Set<String> users = new LinkedHashSet<>();
        for (String room : target.rooms()) {
            if (room.startsWith(USER)) {
                users.add(room.substring(USER.length()));
            }
        }
        boolean others =
                users.size() < target.rooms().size() || !target.except().isEmpty() || target.node() != null;
        if (users.isEmpty() || others) {
            throw new IllegalArgumentException("event '" + contract
                    + "' persists, and goes to users, each as a whole: emit it to user(…) and to nobody else");
        }
        return on().emit(users, contract, payload, sender);
    }

    /** @throws IllegalArgumentException if the event persists, which this way of emitting does not */
    public void refuse(Contract<?> contract, String way) {
        if (contract.mail().isPresent()) {
            throw new IllegalArgumentException("event '" + contract + "' persists, and cannot be emitted " + way);
        }
    }

    /** Nobody gets anything here any more. */
    public void stop() {
        if (mail != null) {
            mail.stop();
        }
    }
}
