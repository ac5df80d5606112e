package dev.realtime.internal.mail;

import dev.realtime.Event.Contract;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.node.UnseenFailures;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionChanges;
import dev.realtime.internal.system.UserStage;
import dev.realtime.mail.Importance;
import dev.realtime.mail.Mail;
import dev.realtime.mail.MailDraft;
import dev.realtime.mail.MailForm;
import dev.realtime.mail.MailMessage;
import dev.realtime.mail.MailOptions;
import dev.realtime.mail.MailboxFullException;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.EncodeException;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Queues.Outcome;
import dev.realtime.spi.Queues.Queued;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The mail of a namespace, as one node sees it. A message is put into the mailbox of its user, whoever is there; then a note in the log tells all nodes, and those that have sessions of
 * the user look into the mailbox. Nothing but the mailbox says that there is a message, and nothing but a client's acknowledgement takes it out: whatever is killed in between, it is still there.
 * Thread-safe.
 */
public final class NamespaceMail implements Mail, SessionChanges {
    /** The kind of the note that says that a user has a message. */
    public static final String NOTE = "mail";

    private final MailParts parts;
    private final NodeRuntime runtime;
    private final MailOptions options;
    private final Queues queues;
    private final UnseenFailures unseen;
    private final Map<LocalSession, MailCarrier> carriers = new ConcurrentHashMap<>();
    private final MailLooks looks = new MailLooks();
    private volatile boolean stopped;

    public NamespaceMail(MailParts parts) {
        this.parts = parts;
        this.runtime = parts.runtime();
        this.options = parts.options();
        this.queues = parts.queues();
        this.unseen = new UnseenFailures(
                parts.namespace(), runtime.time(), runtime.workers(), runtime.counters(), runtime.lines());
    }

    MailParts parts() {
        return parts;
    }

    /** What was found in mailboxes and has not been handed on. */
    public long bytes() {
        return looks.bytes();
    }

    MailLooks looks() {
        return looks;
    }

    /** The node stops, or the namespace ends here: nothing more is delivered. */
    public void stop() {
        stopped = true;
        carriers.values().forEach(MailCarrier::end);
        carriers.clear();
    }

    String mailbox(String userId) {
        checkUser(userId);
        String namespace = parts.namespace();
        return "mail:" + namespace.length() + ":" + namespace + ":" + userId;
    }

    private static void checkUser(String userId) {
        Range.name(256, "the id of a user", userId);
    }

    // ---- what is put

    /** Puts an event into the mailboxes of users. */
    <T> CompletionStage<Position> emit(
            Set<String> users, Contract<T> contract, @Nullable T payload, @Nullable Session sender) {
        users.forEach(NamespaceMail::checkUser); // before anything is stored
        MailForm<? super T> form = contract.mail().orElseThrow();
        MailDraft draft = draft(form, contract, payload);
        String text = text(contract, payload, draft, sender);
        Duration life = contract.expiresAfter()
                .filter(expiry -> expiry.compareTo(options.keptFor()) < 0)
                .orElse(options.keptFor());
        Item item = new Item(draft.id(), rank(draft.importance()), text, Duration.ZERO, life);
        return forUser("a message", () -> {
            List<CompletableFuture<Position>> all = new ArrayList<>();
            users.forEach(user -> all.add(put(user, item).toCompletableFuture()));
            return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .thenApply(kept -> all.get(all.size() - 1).join());
        });
    }

    /** A backend keeps it, so it never changes. */
    private static int rank(Importance importance) {
        return switch (importance) {
            case LOW -> 0;
            case NORMAL -> 1;
            case HIGH -> 2;
            case URGENT -> 3;
        };
    }

    @SuppressWarnings("NullAway") // the payload of an event without one
    private <T> MailDraft draft(MailForm<? super T> form, Contract<T> contract, @Nullable T payload) {
        MailDraft draft = MailDraft.of(parts.ids().next(), contract.category().orElse(contract.name()), payload);
        return Objects.requireNonNull(form.of(draft, payload), "the message of a MailForm");
    }

    private <T> String text(Contract<T> contract, @Nullable T payload, MailDraft draft, @Nullable Session sender) {
        EventData event = options.ownNames() ? parts.envelopes().event(contract, payload, sender) : null;
        try {
            return text(contract.name(), event, draft, sender);
        } catch (EncodeException e) {
            runtime.counters().count(Counters.Name.EVENTS_UNENCODABLE);
            throw new EncodeException("a message of event '" + contract + "' cannot be kept: " + e.getMessage(), e);
        }
    }

    private String text(String name, @Nullable EventData event, MailDraft draft, @Nullable Session sender) {
        Principal principal = sender == null ? null : sender.principal();
        String content = json(draft.content());
        MailText message = new MailText(
                draft.type(),
                principal == null || principal.anonymous() ? Optional.empty() : Optional.of(principal.id()),
                draft.senderName(),
                content,
                draft.metadata().map(this::json),
                draft.importance(),
                runtime.time().now(),
                event == null ? Optional.empty() : Optional.of(name),
                event == null ? Optional.empty() : arguments(name, event, content));
        String text = message.text();
        checkSize(text.getBytes(StandardCharsets.UTF_8).length, options.maxBytes(), "MailOptions.maxBytes");
        checkSize(MailJson.largest(options.deliveryEvent(), draft.id(), message), parts.maxEventSize(), "maxEventSize");
        return text;
    }

    private static void checkSize(int bytes, long most, String bound) {
        if (bytes > most) {
            throw new EncodeException("it has " + bytes + " bytes, and may have " + most + " (" + bound + ")", null);
        }
    }

    /** Of an event, each behind a comma; nothing where it is the content alone, which is there already. */
    private Optional<String> arguments(String name, EventData event, String content) {
        String head = inside(parts.json().encode(name, List.of()));
        String arguments = inside(event).substring(head.length());
        return arguments.equals(',' + content) ? Optional.empty() : Optional.of(arguments);
    }

    private String json(@Nullable Object value) {
        return inside(parts.json().encode(null, Collections.singletonList(value)));
    }

    /** What stands in an array. */
    private static String inside(EventData data) {
        if (!data.attachments().isEmpty()) {
            throw new EncodeException("it has binary parts", null);
        }
        return new String(data.json(), 1, data.json().length - 2, StandardCharsets.UTF_8);
    }

    private CompletionStage<Position> put(String user, Item item) {
        Bounds bounds = new Bounds(options.maxMessages(), options.maxBytes(), true);
        return queues.put(mailbox(user), item, bounds).thenCompose(added -> {
            Counters counters = runtime.counters();
            if (added.outcome() == Outcome.REFUSED) {
                counters.count(Counters.Name.MAIL_REFUSED);
                throw new MailboxFullException(user, options.maxMessages(), options.maxBytes());
            }
            if (added.outcome() == Outcome.ADDED) {
                counters.count(Counters.Name.MAIL_STORED);
            }
            counters.count(Counters.Name.MAIL_DROPPED, added.dropped().size());
            return tell(user);
        });
    }

    /** Tells all nodes that a user has a message. If the log cannot be told, the message is found by a look at the mailbox. */
    private CompletionStage<Position> tell(String user) {
        runtime.counters().count(Counters.Name.LOG_APPENDED);
        return parts.log().append(new LogEntry.Note(NOTE, user)).handle((position, failure) -> {
            if (failure == null) {
                return position;
            }
            runtime.counters().count(Counters.Name.MAIL_UNTOLD);
            told(user);
            return parts.log().tail();
        });
    }

    /** A session has given back a message, which others of the user may be waiting for. */
    void givenBack(String user) {
        var unused = tell(user);
    }

    /** A user has a message. */
    public void told(String user) {
        for (LocalSession session : parts.rooms().members(RoomKind.USER.name() + ':' + user)) {
            MailCarrier carrier = carriers.get(session);
            if (carrier != null) {
                carrier.wake();
            }
        }
    }

    // ---- what the application asks

    private <T> CompletionStage<T> forUser(String what, Supplier<CompletionStage<T>> call) {
        IllegalStateException end = parts.lifetime().end();
        return end == null
                ? UserStage.of(
                        parts.lifetime().within(call.get()),
                        runtime.logs().here(runtime.workers().handlers()),
                        unseen,
                        what)
                : CompletableFuture.failedFuture(end);
    }

    @Override
    public CompletionStage<List<MailMessage>> list(String userId) {
        String mailbox = mailbox(userId);
        return forUser(
                "a look at the mail",
                () -> queues.list(mailbox, null, options.maxMessages()).thenApply(page -> messages(page.items())));
    }

    /** Without those of a version that this node cannot read. */
    private List<MailMessage> messages(List<Queued> items) {
        List<MailMessage> messages = new ArrayList<>();
        for (Queued item : items) {
            try {
                messages.add(MailText.read(item.text()).message(item));
            } catch (RuntimeException unreadable) {
                runtime.counters().count(Counters.Name.MAIL_FAILED);
            }
        }
        return List.copyOf(messages);
    }

    @Override
    public CompletionStage<Integer> count(String userId) {
        String mailbox = mailbox(userId);
        return forUser("a look at the mail", () -> queues.size(mailbox).thenApply(Queues.Size::items));
    }

    @Override
    public CompletionStage<Boolean> remove(String userId, String id) {
        Range.wellFormed("id", id);
        String mailbox = mailbox(userId);
        return forUser(
                "the removal of a message",
                () -> queues.remove(mailbox, List.of(id))
                        .thenApply(removed -> removed.ids().contains(id)));
    }

    @Override
    public CompletionStage<Integer> clear(String userId) {
        String mailbox = mailbox(userId);
        return forUser("the removal of messages", () -> queues.clear(mailbox).thenApply(Queues.Size::items));
    }

    // ---- who gets it

    @Override
    public void changed(LocalSession session) {
        if (stopped || session.isClosed() || session.principal().anonymous()) {
            return;
        }
        MailCarrier carrier = carriers.get(session);
        if (carrier == null) {
            carrier = carriers.computeIfAbsent(session, mine -> new MailCarrier(mine, this));
            if (stopped || session.lifecycle().isClosed()) { // and those who hear of that may not have found it
                carriers.remove(session);
                return;
            }
        }
        carrier.isOn(session.connection().current());
    }

    @Override
    public void ended(LocalSession session, boolean elsewhere) {
        MailCarrier carrier = carriers.remove(session);
        if (carrier != null) {
            carrier.end();
        }
    }

    @Override
    public void active(LocalSession session) {}
}
