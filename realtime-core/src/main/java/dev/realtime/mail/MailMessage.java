package dev.realtime.mail;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that no client has acknowledged yet.
 *
 * @param id by which it can be {@linkplain Mail#remove removed}, and a client recognises what it has got twice
 * @param type what kind of message it is
 * @param senderId the user that it is from, if it is from one
 * @param senderName what that user is called, if that was said
 * @param content JSON
 * @param metadata JSON, if there is any
 * @param createdAt when it was emitted, by the clock of that node
 * @param storedAt when its mailbox has got it, by the clock of the backend
 * @param expiresAt when it is forgotten
 */
public record MailMessage(
        String id,
        String type,
        Optional<String> senderId,
        Optional<String> senderName,
        String content,
        Optional<String> metadata,
        Importance importance,
        Instant createdAt,
        Instant storedAt,
        Instant expiresAt) {}
