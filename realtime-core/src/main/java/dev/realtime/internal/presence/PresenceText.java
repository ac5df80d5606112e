package dev.realtime.internal.presence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.presence.PresenceNote.EndedSession;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Leaving;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.presence.Status;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Notes as text: JSON with short names, since a busy cluster writes many. Members that are not known are left out, for nodes of a later version. */
final class PresenceText {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String AWAY = "a";
    private static final String RECONNECTING = "r";

    private PresenceText() {}

    static String write(PresenceNote note) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("n", note.node());
            if (note instanceof Hello hello) {
                json.writeNumberField("h", hello.number());
                json.writeStringField("v", hello.epoch());
                if (hello.knew()) {
                    json.writeBooleanField("w", true);
                }
            } else if (note instanceof Said said) {
                sessions(json, said.sessions());
                ended(json, said.ended());
            } else if (note instanceof Leaving) {
                json.writeBooleanField("l", true);
            } else if (note instanceof State state) {
                state(json, state);
            } else if (note instanceof Gone gone) {
                json.writeStringField("d", gone.gone());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void state(JsonGenerator json, State state) throws IOException {
        json.writeStringField("q", state.question());
        json.writeStringField("a", state.at().toString());
        json.writeStringField("b", state.answered().toString());
        json.writeNumberField("p", state.page());
        json.writeNumberField("o", state.pages());
        strings(json, "k", state.nodes());
        strings(json, "r", state.ready());
        json.writeArrayFieldStart("s");
        for (Known known : state.sessions()) {
            json.writeStartObject();
            json.writeStringField("n", known.node());
            if (known.isInherited()) {
                json.writeStringField("h", known.author());
            }
            session(json, known.statement());
        }
        json.writeEndArray();
        ended(json, state.ended());
    }

    private static void sessions(JsonGenerator json, List<SessionStatement> sessions) throws IOException {
        json.writeArrayFieldStart("s");
        for (SessionStatement session : sessions) {
            json.writeStartObject();
            session(json, session);
        }
        json.writeEndArray();
    }

    /** All of the object but its start. */
    private static void session(JsonGenerator json, SessionStatement session) throws IOException {
        json.writeStringField("i", session.id());
        if (session.user() != null) {
            json.writeStringField("u", session.user());
        }
        json.writeNumberField("f", session.fence());
        if (session.status() != Status.CONNECTED) {
            json.writeStringField("t", session.status() == Status.AWAY ? AWAY : RECONNECTING);
        }
        if (session.awaySince() != 0) {
            json.writeNumberField("w", session.awaySince());
        }
        if (!session.recoverable()) {
            json.writeBooleanField("x", true);
        }
        if (!session.rooms().isEmpty()) {
            strings(json, "r", session.rooms());
        }
        if (!session.shown().isEmpty()) {
            json.writeStringField("m", session.shown());
        }
        json.writeEndObject();
    }

    private static void ended(JsonGenerator json, List<EndedSession> ended) throws IOException {
        if (!ended.isEmpty()) {
            json.writeArrayFieldStart("e");
            for (EndedSession session : ended) {
                json.writeStartObject();
                json.writeStringField("i", session.id());
                json.writeNumberField("f", session.fence());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /** Null if it is no note that this node knows. */
    static @Nullable PresenceNote read(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            return new Reader(json).read();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static final class Reader {
        private final JsonParser json;
        private @Nullable String node;
        private @Nullable String gone;
        private @Nullable String question;
        private List<String> nodes = List.of();
        private List<String> ready = List.of();
        private boolean leaves;
        private boolean knew;
        private String epoch = "";
        private Position at = Position.START;
        private Position answered = Position.START;
        private int page = -1;
        private int pages;
        private @Nullable List<Known> sessions;
        private final List<EndedSession> ended = new ArrayList<>();
        private long number = -1;

        Reader(JsonParser json) {
            this.json = json;
        }

        @Nullable
        PresenceNote read() throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "n" -> node = json.getText();
                    case "d" -> gone = json.getText();
                    case "h" -> number = json.getLongValue();
                    case "v" -> epoch = json.getText();
                    case "w" -> knew = json.getBooleanValue();
                    case "a" -> at = Objects.requireNonNull(Position.parse(json.getText()));
                    case "b" -> answered = Objects.requireNonNull(Position.parse(json.getText()));
                    case "q" -> question = json.getText();
                    case "k" -> nodes = strings();
                    case "r" -> ready = strings();
                    case "l" -> leaves = true;
                    case "p" -> page = json.getIntValue();
                    case "o" -> pages = json.getIntValue();
                    case "s" -> sessions = sessions();
                    case "e" -> {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            SessionStatement one = session().statement();
                            ended.add(new EndedSession(one.id(), one.fence()));
                        }
                    }
                    default -> json.skipChildren();
                }
            }
            return note();
        }

        private @Nullable PresenceNote note() {
            if (node == null) {
                return null;
            } else if (gone != null) {
                return new Gone(node, gone);
            } else if (number >= 0) {
                return new Hello(node, number, epoch, knew);
            } else if (question != null) {
                List<Known> known = sessions == null ? List.of() : sessions;
                return new State(node, question, at, page, pages, answered, nodes, ready, known, ended);
            } else if (leaves) {
                return new Leaving(node);
            }
            return sessions == null
                    ? null
                    : new Said(node, sessions.stream().map(Known::statement).toList(), ended);
        }

        private List<Known> sessions() throws IOException {
            List<Known> list = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                list.add(session());
            }
            return list;
        }

        private Known session() throws IOException {
            String at = "";
            String author = null;
            String id = "";
            String user = null;
            long fence = 0;
            Status status = Status.CONNECTED;
            long awaySince = 0;
            boolean recoverable = true;
            List<String> rooms = List.of();
            String shown = "";
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "n" -> at = json.getText();
                    case "h" -> author = json.getText();
                    case "i" -> id = json.getText();
                    case "u" -> user = json.getText();
                    case "f" -> fence = json.getLongValue();
                    case "t" -> status = json.getText().equals(AWAY) ? Status.AWAY : Status.RECONNECTING;
                    case "w" -> awaySince = json.getLongValue();
                    case "x" -> recoverable = !json.getBooleanValue();
                    case "r" -> rooms = strings();
                    case "m" -> shown = json.getText();
                    default -> json.skipChildren();
                }
            }
            return new Known(
                    new SessionStatement(id, user, fence, status, awaySince, recoverable, rooms, shown),
                    at,
                    author == null ? at : author);
        }

        private List<String> strings() throws IOException {
            List<String> list = new ArrayList<>();
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                list.add(json.getText());
            }
            return List.copyOf(list);
        }
    }
}
