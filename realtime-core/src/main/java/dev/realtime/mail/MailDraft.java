package dev.realtime.mail;

import dev.realtime.internal.options.Range;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message before it is kept. Sender and time are not in it: the engine stamps them. Immutable.
 */
public final class MailDraft {
    private final String id;
    private final String type;
    private final @Nullable Object content;
    private final Optional<Object> metadata;
    private final Optional<String> senderName;
    private final Importance importance;

    private MailDraft(
            String id,
            String type,
            @Nullable Object content,
            Optional<Object> metadata,
            Optional<String> senderName,
            Importance importance) {
        this.id = id;
        this.type = type;
        this.content = content;
        this.metadata = metadata;
        this.senderName = senderName;
        this.importance = importance;
    }

    /**
     * Returns a draft of normal importance, without metadata and without a name of its sender.
     *
     * @param id unique, 1 to 128 characters
     * @throws IllegalArgumentException if the id is empty or longer, or has a surrogate without its partner
     */
    public static MailDraft of(String id, String type, @Nullable Object content) {
        Range.name(128, "MailDraft.id", id);
        Objects.requireNonNull(type, "type");
        return new MailDraft(id, type, content, Optional.empty(), Optional.empty(), Importance.NORMAL);
    }

    /** Returns by which its mailbox and its clients know it. */
    public String id() {
        return id;
    }

    /**
     * Sets by which its mailbox knows it: one that is in the mailbox already is not put there again, so that an emit that has failed can be made
     * again. Default: one that nobody has.
     *
     * @param unique 1 to 128 characters
     * @throws IllegalArgumentException if it is empty or longer, or has a surrogate without its partner
     */
    public MailDraft id(String unique) {
        Range.name(128, "MailDraft.id", unique);
        return new MailDraft(unique, type, content, metadata, senderName, importance);
    }

    /** Returns what kind of message it is. */
    public String type() {
        return type;
    }

    /** Sets what kind of message it is. Default: the {@linkplain dev.realtime.Event#category category} of the event, or its name if it has none. */
    public MailDraft type(String kind) {
        Objects.requireNonNull(kind, "kind");
        return new MailDraft(id, kind, content, metadata, senderName, importance);
    }

    /** Returns what it says. */
    public @Nullable Object content() {
        return content;
    }

    /** Sets what it says: anything with a JSON form, without binary parts. Default: the payload. */
    public MailDraft content(@Nullable Object value) {
        return new MailDraft(id, type, value, metadata, senderName, importance);
    }

    /** Returns what goes along with it. */
    public Optional<Object> metadata() {
        return metadata;
    }

    /** Sets what goes along with it: anything with a JSON form, without binary parts. Default: nothing. */
    public MailDraft metadata(Object value) {
        Objects.requireNonNull(value, "value");
        return new MailDraft(id, type, content, Optional.of(value), senderName, importance);
    }

    /** Returns what its sender is called. */
    public Optional<String> senderName() {
        return senderName;
    }

    /** Sets what its sender is called. Default: nothing is said of it. */
    public MailDraft senderName(String name) {
        Objects.requireNonNull(name, "name");
        return new MailDraft(id, type, content, metadata, Optional.of(name), importance);
    }

    /** Returns how important it is. */
    public Importance importance() {
        return importance;
    }

    /** Sets how important it is. Default: {@link Importance#NORMAL}. */
    public MailDraft importance(Importance value) {
        Objects.requireNonNull(value, "value");
        return new MailDraft(id, type, content, metadata, senderName, value);
    }

    @Override
    public String toString() {
        return "message " + id;
    }
}
