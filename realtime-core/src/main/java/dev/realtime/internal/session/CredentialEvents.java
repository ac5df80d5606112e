package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Principal;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Packet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The events by which a client shows credentials on a session that goes on: the renewal of those that it has, and the first ones of a client that came without.
 * The application is asked on a thread for handlers, since it may block, and the session's next events wait for the answer. If that takes too long
 * the client hears so, and nothing comes of it any more. Thread-safe.
 */
final class CredentialEvents {
    private final ShownCredentials credentials;
    private final UserConnections connections;
    private final Fanout<LocalSession> fanout;
    private final TimeoutQueue deadlines;
    private final EventFailures failures;

    /** @param deadlines for the application */
    CredentialEvents(
            ShownCredentials credentials,
            UserConnections connections,
            Fanout<LocalSession> fanout,
            TimeoutQueue deadlines,
            EventFailures failures) {
        this.credentials = credentials;
        this.connections = connections;
        this.fanout = fanout;
        this.deadlines = deadlines;
        this.failures = failures;
    }

    /** Whether there are credentials at all. */
    boolean exist() {
        return credentials.areJudged();
    }

    /** Takes newer credentials of the same user. */
    CompletionStage<?> renew(
            LocalSession session, SessionConnection connection, EventHead head, Packet packet, Answer answer) {
        return judge(
                session,
                connection,
                credentials.object(head, packet),
                answer,
                () -> {},
                principal -> renewed(session, principal));
    }

    /** Takes the first credentials of a client that came without; or newer ones, if it has shown some. */
    CompletionStage<?> authenticate(
            LocalSession session, SessionConnection connection, EventHead head, Packet packet, Answer answer) {
        return judge(
                session,
                connection,
                credentials.objectOrToken(head, packet),
                answer,
                () -> session.rates().authenticationFailed(),
                principal -> {
                    if (session.principal().anonymous()) {
                        become(session, connection, principal);
                    } else {
                        renewed(session, principal);
                    }
                });
    }

    private static void renewed(LocalSession session, Principal principal) {
        if (!principal.id().equals(session.principal().id())) {
            throw new EventRefusedException(ErrorCode.UNAUTHORIZED.code(), "The credentials are somebody else's");
        }
        session.lifecycle().renew(principal);
    }

    /** In the fan-out's turn, as others begin, so that a user's connections are counted one after another. */
    private void become(LocalSession session, SessionConnection connection, Principal principal) {
        if (connections.areTooMany(principal, session)) {
            throw new EventRefusedException(ErrorCode.TOO_MANY_CONNECTIONS);
        }
        if (!session.lifecycle().become(connection, principal)) {
            throw new EventRefusedException(ErrorCode.UNAUTHORIZED); // nobody hears it: the connection has gone
        }
    }

    /** Does something with who the client is, or refuses it. */
    @FunctionalInterface
    private interface Acceptance {
        void accept(Principal principal);
    }

    private CompletionStage<?> judge(
            LocalSession session,
            SessionConnection connection,
            Map<String, Object> shown,
            Answer answer,
            Runnable refused,
            Acceptance acceptance) {
        answer.behindThisThread();
        CompletableFuture<Void> over = new CompletableFuture<>();
        TimeoutQueue.Deadline deadline = deadlines.add(() -> {
            answer.refuse(ErrorCode.TIMEOUT);
            over.complete(null);
        });
        connection.share().execute(() -> {
            Principal principal;
            try {
                principal = credentials.judge(session, connection, shown);
            } catch (RuntimeException | Error e) {
                if (e instanceof EventRefusedException) {
                    refused.run();
                }
                if (deadline.meet()) {
                    failed(e, session, answer, over);
                }
                return;
            }
            if (deadline.meet()) {
                fanout.execute(() -> accept(session, connection, principal, answer, acceptance, over));
            }
        });
        return over;
    }

    private void accept(
            LocalSession session,
            SessionConnection connection,
            Principal principal,
            Answer answer,
            Acceptance acceptance,
            CompletableFuture<Void> over) {
        try {
            acceptance.accept(principal);
            Map<String, Object> reply = new LinkedHashMap<>();
            principal.expiresAt().ifPresent(end -> reply.put("expiresAt", end.toString()));
            answer.give(List.of(reply));
            over.complete(null);
        } catch (RuntimeException | Error e) {
            // whoever is told may be the application
            connection.share().execute(() -> failed(e, session, answer, over));
        }
    }

    private void failed(Throwable cause, LocalSession session, Answer answer, CompletableFuture<Void> over) {
        try {
            failures.failed(cause, session, answer);
        } finally {
            over.complete(null);
        }
    }
}
