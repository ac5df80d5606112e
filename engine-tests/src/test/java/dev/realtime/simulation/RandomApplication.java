package dev.realtime.simulation;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.simulation.GameContracts.Mark;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The application's own doings on the nodes: emits, audience operations, questions. */
final class RandomApplication {
    private static final List<String> ROOMS =
            List.of("zone:a", "zone:b", "zone:c", "aud:x", "aud:y", "user:u0", "user:u1", "user:u2", "user:u3");
    private static final List<String> USERS = ROOMS.subList(5, 9);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final ModelledCluster cluster;
    private final List<Question> questions = new ArrayList<>();
    private boolean calm;

    /** Something a node asked for, which must come to an end. */
    private record Question(String node, long when, String what, CompletionStage<?> answer) {}

    RandomApplication(ModelledCluster cluster) {
        this.cluster = cluster;
    }

    void tick() {
        List<TestNode> up = cluster.run.up();
        if (!up.isEmpty() && !calm) {
            act(cluster.run.any(up));
        }
        if (!calm) {
            cluster.run.after(Duration.ofMillis(1 + cluster.run.random().nextInt(50)), this::tick);
        }
    }

    void calmDown() {
        calm = true;
    }

    private void act(TestNode node) {
        Namespace namespace = node.namespace("/");
        String id = node.realtime().node();
        int dice = cluster.run.random().nextInt(100);
        if (dice < 62) {
            emit(id, audience(namespace));
        } else if (dice < 64) {
            for (int burst = 0; burst < 20; burst++) {
                emit(id, namespace.room(RoomKey.parse(cluster.run.any(ROOMS))));
            }
        } else if (dice < 78) {
            emitVolatile(audience(namespace));
        } else if (dice < 84) {
            RoomKey room = RoomKey.parse(cluster.run.random().nextBoolean() ? "aud:x" : "aud:y");
            asked(id, "audience join", fixed(namespace).join(room));
        } else if (dice < 88) {
            RoomKey room = RoomKey.parse(cluster.run.random().nextBoolean() ? "aud:x" : "aud:y");
            asked(id, "audience leave", fixed(namespace).leave(room));
        } else if (dice < 90) {
            anySession()
                    .ifPresent(session -> asked(
                            id,
                            "audience disconnect",
                            namespace
                                    .session(session)
                                    .disconnect(cluster.run.random().nextBoolean())));
        } else if (dice < 92) {
            List<Session> sessions = new ArrayList<>(namespace.sessions());
            sessions.sort((one, other) -> one.id().compareTo(other.id()));
            if (!sessions.isEmpty() && cluster.run.random().nextInt(2) == 0) {
                cluster.dismiss(id, cluster.run.any(sessions));
            }
        } else if (dice < 96) {
            asked(
                    id,
                    "question",
                    namespace
                            .room(RoomKey.parse(cluster.run.any(ROOMS)))
                            .request(GameContracts.ASK, new Mark(cluster.nextMark()), TIMEOUT));
        } else {
            asked(
                    id,
                    "fetch",
                    namespace.room(RoomKey.parse(cluster.run.any(ROOMS))).fetch());
        }
    }

    /** Says something, most often to this room. */
    void speak(String room) {
        List<TestNode> up = cluster.run.up();
        if (!up.isEmpty() && !calm) {
            TestNode node = cluster.run.any(up);
            Namespace namespace = node.namespace("/");
            int dice = cluster.run.random().nextInt(12);
            Audience audience = dice == 0 ? audience(namespace) : namespace.room(RoomKey.parse(room));
            emit(node.realtime().node(), dice < 3 ? audience.except(RoomKey.parse(cluster.run.any(ROOMS))) : audience);
        }
    }

    private void emitVolatile(Audience audience) {
        Mark mark = new Mark(cluster.nextMark());
        if (mark.n() % 2 == 0) {
            audience.asVolatile().emit(GameContracts.VOLATILE, mark);
        } else {
            audience.asVolatile().coalesce("player " + mark.n() % 3).emit(GameContracts.POSITION, mark);
        }
    }

    /** Moves a player that nobody else moves, and says where it is in the end. */
    int move(String node, Audience audience) {
        int last = 0;
        for (int step = 0; step < 3; step++) {
            last = cluster.nextMark();
            audience.asVolatile().coalesce(node).emit(GameContracts.POSITION, new Mark(last));
        }
        return last;
    }

    void emit(String node, Audience audience) {
        Mark mark = cluster.mark(node);
        Event<Mark> event = GameContracts.reliable(mark);
        var unused = mark.n() % 4 == 0
                ? audience.header("mark", String.valueOf(mark.n()))
                        .emit(event.expiresAfter(GameContracts.SHORT_LIFE), mark)
                : audience.emit(event, mark);
    }

    private void asked(String node, String what, CompletionStage<?> answer) {
        questions.add(new Question(node, cluster.run.now(), what, answer));
    }

    private Audience audience(Namespace namespace) {
        int dice = cluster.run.random().nextInt(10);
        Audience audience;
        if (dice < 2) {
            audience = namespace;
        } else if (dice < 4) {
            audience = anySession().<Audience>map(namespace::session).orElse(namespace);
        } else {
            audience = namespace.room(RoomKey.parse(cluster.run.any(ROOMS)));
            if (dice == 9) {
                audience = audience.room(RoomKey.parse(cluster.run.any(ROOMS)));
            }
        }
        if (cluster.run.random().nextInt(4) == 0) {
            audience = audience.except(RoomKey.parse(cluster.run.any(ROOMS)));
        }
        if (cluster.run.random().nextInt(8) == 0) {
            Audience all = audience;
            audience = anySession().map(all::exceptSession).orElse(all);
        }
        return audience;
    }

    /** Of sessions that do not depend on where these are at the moment. */
    private Audience fixed(Namespace namespace) {
        int dice = cluster.run.random().nextInt(4);
        if (dice == 0) {
            return namespace;
        } else if (dice == 1) {
            return namespace.room(RoomKey.parse(cluster.run.any(USERS)));
        } else if (dice == 2) {
            return namespace.except(RoomKey.parse(cluster.run.any(USERS)));
        }
        return anySession().<Audience>map(namespace::session).orElse(namespace);
    }

    private Optional<String> anySession() {
        List<String> sessions = new ArrayList<>(cluster.log.sessions.keySet());
        return sessions.isEmpty() ? Optional.empty() : Optional.of(cluster.run.any(sessions));
    }

    /** Everything that was asked for has ended, in whatever way. */
    void check() {
        for (Question question : questions) {
            if (cluster.run.isRunning(question.node)
                    && !question.answer.toCompletableFuture().isDone()) {
                cluster.run.violation("I2: a " + question.what + " of " + question.node + " at " + question.when
                        + " never came to an end");
            }
        }
    }
}
