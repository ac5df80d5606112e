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
import dev.realtime.internal.presence.PresenceNote.Ready;
import dev.realtime.internal.presence.PresenceNote.Restated;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.internal.presence.PresenceNote.Unready;
import dev.realtime.internal.presence.PresenceNote.UntoldEdge;
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
            } else if (note instanceof Said said) {
                json.writeNumberField("g", said.generation());
                sessions(json, said.sessions());
                ended(json, said.ended());
            } else if (note instanceof Restated restated) {
                json.writeNumberField("g", restated.generation());
            } else if (note instanceof Ready ready) {
                json.writeBooleanField("y", true);
                if (ready.anew()) {
                    json.writeBooleanField("z", true);
                }
            } else if (note instanceof Unready unready) {
                json.writeStringField("q", unready.question());
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
        json.writeNumberField("p", state.page());
        json.writeNumberField("o", state.pages());
        strings(json, "k", state.nodes());
        strings(json, "r", state.ready());
        json.writeArrayFieldStart("s");
        for (Known known : state.sessions()) {
            json.writeStartObject();
            json.writeStringField("n", known.node());
            json.writeNumberField("g", known.generation());
            session(json, known.statement());
        }
        json.writeEndArray();
        ended(json, state.ended());
        if (!state.untold().isEmpty()) {
            json.writeArrayFieldStart("l");
            for (UntoldEdge edge : state.untold()) {
                json.writeStartObject();
                json.writeStringField("n", edge.node());
                json.writeStringField("a", edge.at().toString());
                json.writeStringField("u", edge.user());
                json.writeBooleanField("o", edge.online());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
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
        private boolean isReady;
        private boolean anew;
        private int page = -1;
        private int pages;
        private @Nullable List<Known> sessions;
        private final List<EndedSession> ended = new ArrayList<>();
        private final List<UntoldEdge> untold = new ArrayList<>();
        private long number = -1;
        private long generation = -1;

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
                    case "g" -> generation = json.getLongValue();
                    case "q" -> question = json.getText();
                    case "k" -> nodes = strings();
                    case "r" -> ready = strings();
                    case "y" -> isReady = true;
                    case "z" -> anew = true;
                    case "p" -> page = json.getIntValue();
                    case "o" -> pages = json.getIntValue();
                    case "s" -> sessions = sessions();
                    case "e" -> {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            SessionStatement one = session().statement();
                            ended.add(new EndedSession(one.id(), one.fence()));
                        }
                    }
                    case "l" -> {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            untold.add(edge());
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
                return new Hello(node, number);
            } else if (question != null) {
                return page < 0
                        ? new Unready(node, question)
                        : new State(
                                node,
                                question,
                                page,
                                pages,
                                nodes,
                                ready,
                                sessions == null ? List.of() : sessions,
                                ended,
                                untold);
            } else if (isReady) {
                return new Ready(node, anew);
            } else if (generation < 0) {
                return null;
            }
            return sessions == null
                    ? new Restated(node, generation)
                    : new Said(
                            node,
                            generation,
                            sessions.stream().map(Known::statement).toList(),
                            ended);
        }

        private List<Known> sessions() throws IOException {
            List<Known> list = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                list.add(session());
            }
            return list;
        }

        private UntoldEdge edge() throws IOException {
            String by = "";
            Position at = Position.START;
            String user = "";
            boolean online = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "n" -> by = json.getText();
                    case "a" -> at = Objects.requireNonNull(Position.parse(json.getText()));
                    case "u" -> user = json.getText();
                    case "o" -> online = json.getBooleanValue();
                    default -> json.skipChildren();
                }
            }
            return new UntoldEdge(by, at, user, online);
        }

        private Known session() throws IOException {
            String at = "";
            long since = 0;
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
                    case "g" -> since = json.getLongValue();
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
                    new SessionStatement(id, user, fence, status, awaySince, recoverable, rooms, shown), at, since);
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
