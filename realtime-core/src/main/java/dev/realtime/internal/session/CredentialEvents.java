package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Principal;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.users.Arrival;
import dev.realtime.internal.users.OvertakenException;
import dev.realtime.internal.users.UserDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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
    private final LogContext logs;
    private final @Nullable UserDirectory users;

    /**
     * @param deadlines for the application
     * @param users what is decided about users; null: nothing
     */
    CredentialEvents(
            ShownCredentials credentials,
            UserConnections connections,
            @Nullable UserDirectory users,
            Fanout<LocalSession> fanout,
            TimeoutQueue deadlines,
            EventFailures failures,
            LogContext logs) {
        this.credentials = credentials;
        this.connections = connections;
        this.fanout = fanout;
        this.deadlines = deadlines;
        this.failures = failures;
        this.logs = logs;
        this.users = users;
    }

    /** Whether there are credentials at all. */
    boolean exist() {
        return credentials.areJudged();
    }

    /** Takes newer credentials of the same user. */
    CompletionStage<?> renew(
            LocalSession session, SessionConnection connection, EventHead head, Packet packet, Answer answer) {
        if (session.principal().anonymous()) { // before anybody is asked: it has none that could be renewed
            answer.refuse(ErrorCode.UNAUTHORIZED);
            return CompletableFuture.completedFuture(null);
        }
        return judge(
                session,
                connection,
                credentials.object(head, packet),
                answer,
                new Guess(), // of a renewal, which counts anyway
                (principal, rooms, capped) -> renewed(session, principal));
    }

    /**
     * Takes the first credentials of a client that came without; or newer ones, if it has shown some.
     *
     * @param guess counts as failed until the application has believed them
     */
    CompletionStage<?> authenticate(
            LocalSession session,
            SessionConnection connection,
            EventHead head,
            Packet packet,
            Answer answer,
            Guess guess) {
        return judge(
                session,
                connection,
                credentials.objectOrToken(head, packet),
                answer,
                guess,
                (principal, rooms, capped) -> {
                    if (rooms != null && session.principal().anonymous()) {
                        become(session, connection, principal, rooms, capped);
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
    private void become(
            LocalSession session, SessionConnection connection, Principal principal, EntryRooms rooms, boolean capped) {
        if (!capped && connections.areTooMany(principal, session)) {
            throw new EventRefusedException(ErrorCode.TOO_MANY_CONNECTIONS);
        }
        if (!session.lifecycle().become(connection, principal, rooms)) {
            throw new EventRefusedException(ErrorCode.UNAUTHORIZED); // nobody hears it: the connection has gone
        }
    }

    /** Does something with who the client is, or refuses it. */
    @FunctionalInterface
    private interface Acceptance {
        /**
         * @param rooms into which interceptors put somebody who comes now; null for somebody who was there
         * @param capped whether its user has so many logins at most, of which this is one by now
         */
        void accept(Principal principal, @Nullable EntryRooms rooms, boolean capped);
    }

    private CompletionStage<?> judge(
            LocalSession session,
            SessionConnection connection,
            Map<String, Object> shown,
            Answer answer,
            Guess guess,
            Acceptance acceptance) {
        answer.behindThisThread();
        CompletableFuture<Void> over = new CompletableFuture<>();
        TimeoutQueue.Deadline deadline = deadlines.add(() -> {
            answer.refuse(ErrorCode.TIMEOUT);
            over.complete(null);
        });
        Attempt attempt = new Attempt(session, connection, shown, answer, guess, acceptance, deadline, over);
        logs.here(connection.share()).execute(() -> {
            try {
                attempt.known(credentials.judge(session, connection, shown));
            } catch (EventRefusedException refused) {
                attempt.failed(refused);
            } catch (RuntimeException | Error e) {
                guess.hasNotFailed();
                attempt.failed(e);
            }
        });
        return over;
    }

    /** One event with credentials. What comes of it, its client hears; behind its deadline nothing comes of it. */
    private final class Attempt {
        private final LocalSession session;
        private final SessionConnection connection;
        private final Map<String, Object> shown;
        private final Answer answer;
        private final Guess guess;
        private final Acceptance acceptance;
        private final TimeoutQueue.Deadline deadline;
        private final CompletableFuture<Void> over;
        private volatile @Nullable EntryRooms rooms; // of somebody who comes now

        Attempt(
                LocalSession session,
                SessionConnection connection,
                Map<String, Object> shown,
                Answer answer,
                Guess guess,
                Acceptance acceptance,
                TimeoutQueue.Deadline deadline,
                CompletableFuture<Void> over) {
            this.session = session;
            this.connection = connection;
            this.shown = shown;
            this.answer = answer;
            this.guess = guess;
            this.acceptance = acceptance;
            this.deadline = deadline;
            this.over = over;
        }

        /**
         * Somebody who comes now is looked up, seen by the application's interceptors, and logged in where a user may be so only once, as at a CONNECT. What
         * the interceptors refuse is a guess that has failed.
         */
        void known(Principal principal) {
            if (!session.principal().anonymous()) {
                accept(principal, null);
            } else if (users == null) {
                rooms = credentials.admit(session, connection, shown, principal);
                accept(principal, null);
            } else {
                users.arrive(principal)
                        .whenComplete((arrival, failure) -> then(failure, () -> arrived(principal, arrival)));
            }
        }

        /** Whether nothing can come of it any more: who has gone puts nobody out. */
        private boolean isGone() {
            return deadline.isOver()
                    || session.isClosed()
                    || connection.isGone()
                    || !session.connection().is(connection);
        }

        private void arrived(Principal principal, Arrival arrival) {
            if (isGone()) {
                refused(arrival, ErrorCode.TIMEOUT); // which nobody hears
                return;
            }
            if (arrival.refusal() != null) {
                refused(arrival, arrival.refusal());
                return;
            }
            try {
                rooms = credentials.admit(session, connection, shown, principal);
            } catch (RuntimeException | Error e) {
                arrival.left();
                throw e;
            }
            if (arrival.isCapped(session.namespace().name())) {
                logIn(principal, arrival);
            } else {
                accept(principal, arrival);
            }
        }

        private void logIn(Principal principal, Arrival arrival) {
            arrival.logIn(session.namespace().name(), session.id(), session.privateId(), null, this::isGone)
                    .whenComplete((refusal, failure) -> {
                        if (failure != null) {
                            arrival.left();
                        }
                        if (isOvertaken(failure)) {
                            then(null, () -> {
                                guess.hasNotFailed();
                                throw new EventRefusedException(ErrorCode.LOGGED_IN_ELSEWHERE);
                            });
                            return;
                        }
                        then(failure, () -> {
                            if (refusal != null) {
                                refused(arrival, refusal);
                            } else {
                                accept(principal, arrival);
                            }
                        });
                    });
        }

        private static boolean isOvertaken(@Nullable Throwable failure) {
            return failure instanceof OvertakenException
                    || (failure instanceof CompletionException && failure.getCause() instanceof OvertakenException);
        }

        private void refused(Arrival arrival, ErrorCode code) {
            guess.hasNotFailed();
            arrival.left();
            failed(new EventRefusedException(code));
        }

        private void then(@Nullable Throwable failure, Runnable step) {
            connection.share().execute(() -> {
                LogContext.Scope scope = answer.logged(logs);
                try {
                    goOn(failure, step);
                } finally {
                    scope.close();
                }
            });
        }

        private void goOn(@Nullable Throwable failure, Runnable step) {
            try {
                if (failure != null) {
                    guess.hasNotFailed();
                    throw new EventRefusedException(ErrorCode.TIMEOUT); // the store does not say: it may, later
                }
                step.run();
            } catch (EventRefusedException refused) {
                failed(refused);
            } catch (RuntimeException | Error e) {
                guess.hasNotFailed();
                failed(e);
            }
        }

        /** @param arrival of somebody who comes now; null if nothing is decided about users */
        private void accept(Principal principal, @Nullable Arrival arrival) {
            guess.hasNotFailed();
            if (!deadline.meet()) {
                if (arrival != null) {
                    arrival.left();
                }
                return;
            }
            fanout.execute(() -> {
                try {
                    if (arrival != null) {
                        arrival.begins();
                    }
                    acceptance.accept(
                            principal,
                            rooms,
                            arrival != null
                                    && arrival.isCapped(session.namespace().name()));
                    if (arrival != null) {
                        arrival.begun();
                    }
                    Map<String, Object> reply = new LinkedHashMap<>();
                    principal.expiresAt().ifPresent(end -> reply.put("expiresAt", end.toString()));
                    answer.give(List.of(reply));
                    over.complete(null);
                } catch (RuntimeException | Error e) {
                    connection.share().execute(() -> tellAbout(e)); // whoever is told may be the application
                } finally {
                    if (arrival != null) {
                        arrival.left();
                    }
                }
            });
        }

        void failed(Throwable cause) {
            if (deadline.meet()) {
                tell(cause);
            }
        }

        private void tellAbout(Throwable cause) {
            LogContext.Scope scope = answer.logged(logs);
            try {
                tell(cause);
            } finally {
                scope.close();
            }
        }

        private void tell(Throwable cause) {
            try {
                failures.failed(cause, session, answer);
            } finally {
                over.complete(null);
            }
        }
    }
}
