package dev.realtime.internal.session;

import dev.realtime.Authenticator;
import dev.realtime.ConnectInterceptor;
import dev.realtime.EventInterceptor;
import dev.realtime.NamespaceSetup.AbsenceAudience;
import dev.realtime.NamespaceSetup.ErrorListener;
import dev.realtime.NamespaceSetup.FeatureRule;
import dev.realtime.NamespaceSetup.FreshListener;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.NamespaceSetup.Revalidation;
import dev.realtime.NamespaceSetup.RoomListener;
import dev.realtime.NamespaceSetup.SessionEndListener;
import dev.realtime.NamespaceSetup.SessionListener;
import dev.realtime.NamespaceSetup.UnknownEventHandler;
import dev.realtime.batches.Batches;
import dev.realtime.envelope.HeaderListener;
import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RefusalListener;
import dev.realtime.mail.MailOptions;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the application made a namespace do. Immutable.
 *
 * @param unknown null: events without a contract are refused
 * @param refusals how clients hear of them
 * @param limit of all events of a user together; null: there is none
 * @param authenticator null: that of the engine
 * @param authenticateWithin how long a client without credentials has to show some; null if it may stay as it is
 * @param revalidatedEvery null: the application is not asked again who users are
 * @param features what clients are told that they may do; null: nothing
 * @param absencesTo who is told that a client is away; null: nobody
 * @param direct whether events are handled on the thread that read them
 * @param tick null: coalesced volatile events leave at once
 * @param batches null: each event leaves by itself
 * @param throttle null: volatile events are not throttled
 * @param presence null: there is none
 * @param schedule null: nothing is emitted later
 * @param mail null: nothing is kept for users
 */
public record NamespaceHandlers(
        List<SessionListener> onConnect,
        List<SessionEndListener> onSuspend,
        List<SessionListener> onResume,
        List<SessionEndListener> onDisconnect,
        List<SessionListener> onMoved,
        List<FreshListener> onFresh,
        ErrorListeners errors,
        List<RefusalListener> onRefusal,
        List<HeaderListener> onHeaders,
        Map<String, EventRoute> routes,
        Map<String, ServerRoute> serverRoutes,
        @Nullable UnknownEventHandler unknown,
        RefusalForm refusals,
        @Nullable RateLimit limit,
        List<ConnectInterceptor> connectInterceptors,
        List<EventInterceptor> eventInterceptors,
        @Nullable Authenticator authenticator,
        boolean anonymousAllowed,
        @Nullable Duration authenticateWithin,
        List<SessionListener> onAuthenticate,
        @Nullable Duration revalidatedEvery,
        @Nullable Revalidation revalidation,
        List<RoomListener> onRoomLost,
        RoomRules roomRules,
        @Nullable FeatureRule features,
        @Nullable AbsenceAudience absencesTo,
        boolean direct,
        @Nullable Duration tick,
        @Nullable Batches batches,
        @Nullable Throttle throttle,
        @Nullable PresenceOptions presence,
        @Nullable ScheduleOptions schedule,
        @Nullable MailOptions mail,
        List<DeclaredState<?>> states) {

    /** Who tells who the clients here are. */
    public @Nullable Authenticator authenticatorOr(@Nullable Authenticator ofEngine) {
        return authenticator == null ? ofEngine : authenticator;
    }

    /** Returns the same handlers, whose failures are also told to this listener. */
    public NamespaceHandlers toldTo(ErrorListener listener) {
        return new NamespaceHandlers(
                onConnect,
                onSuspend,
                onResume,
                onDisconnect,
                onMoved,
                onFresh,
                errors.and(listener),
                onRefusal,
                onHeaders,
                routes,
                serverRoutes,
                unknown,
                refusals,
                limit,
                connectInterceptors,
                eventInterceptors,
                authenticator,
                anonymousAllowed,
                authenticateWithin,
                onAuthenticate,
                revalidatedEvery,
                revalidation,
                onRoomLost,
                roomRules,
                features,
                absencesTo,
                direct,
                tick,
                batches,
                throttle,
                presence,
                schedule,
                mail,
                states);
    }
}
