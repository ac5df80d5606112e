package dev.realtime.internal.session;

import dev.realtime.internal.users.SessionUser;

/** The parts of one session, each of one idea. */
record SessionParts(
        SessionState state,
        AttachedConnection connection,
        AfterCatchUp afterCatchUp,
        Attributes attributes,
        SessionEmits emits,
        SessionInbox inbox,
        DeferredAnswers deferredAnswers,
        PendingAcks acks,
        SessionRates rates,
        SessionUser user,
        SessionClosing closing,
        SessionOwnership ownership,
        SessionLifecycle lifecycle,
        RoomMemberships memberships,
        ReceivedHistory history,
        ChangeNotifier notifier) {}
