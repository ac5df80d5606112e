package dev.realtime.internal.session;

import dev.realtime.internal.users.SessionUser;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one session, each of one idea.
 *
 * @param record null without recovery
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
        SessionLifecycle lifecycle,
        RoomMemberships memberships,
        ReceivedHistory history) {}
