package dev.realtime.internal.session;

import dev.realtime.internal.users.SessionUser;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one session, each of one idea.
 *
 * @param record null without recovery
 * @param absence null: nobody is told that its client is away
 */
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
        @Nullable OwnedRecord record,
        SessionUser user,
        SessionClosing closing,
        SessionOwnership ownership,
        @Nullable AbsenceNotice absence,
        SessionLifecycle lifecycle,
        RoomMemberships memberships,
        ReceivedHistory history) {}
