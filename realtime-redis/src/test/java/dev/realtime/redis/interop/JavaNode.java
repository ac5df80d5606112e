package dev.realtime.redis.interop;

import dev.realtime.Attribute;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisOptions;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A node of the library. */
final class JavaNode implements AutoCloseable {
    record Pair(int a, int b) {}

    record Sum(int sum) {}

    record Answer(String answer, int was) {}

    record Blob(byte[] bytes, String note) {}

    static final Event<String> HELLO = Event.of("hello", String.class);
    static final Event<Blob> BLOB = Event.of("blob", Blob.class);
    static final Event<Void> SWEPT = Event.of("swept");
    static final Request<Integer, Answer> ASK = Request.of("ask", Integer.class, Answer.class);
    /** Of {@code ack(answer, was)}. */
    static final Request<Integer, Answer> ASK_BOTH =
            Request.of("ask:both", Integer.class, Answer.class).replyArguments();

    static final Request<Void, Object> ASK_NOTHING = Request.of("ask:nothing", Void.class, Object.class);
    static final Request<Void, byte[]> ASK_BYTES = Request.of("ask:bytes", Void.class, byte[].class);
    static final Request<String, Void> JOIN = Request.of("join", String.class, Void.class);
    static final Event<String> TOLD = Event.of("told", String.class);
    static final Request<Pair, Sum> SUM = Request.of("sum", Pair.class, Sum.class);
    static final Attribute<String> NAME = Attribute.recorded("name", String.class);
    static final Attribute<Integer> LEVEL = Attribute.recorded("level", Integer.class);

    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    final List<String> headers = new CopyOnWriteArrayList<>();
    final List<Session> resumed = new CopyOnWriteArrayList<>();
    private final RedisBackend backend;
    private final Realtime realtime;
    private final StandaloneServer server;

    /** What the application was told of beginnings and ends, each with the session's id. */
    final List<String> begun = new CopyOnWriteArrayList<>();

    final List<String> ended = new CopyOnWriteArrayList<>();

    JavaNode(RedisOptions options) {
        this(options, Duration.ofMinutes(1));
    }

    JavaNode(RedisOptions options, Duration window) {
        backend = RedisBackend.connect(options);
        realtime = Realtime.builder()
                .authenticator(new TestUsers())
                .recovery(Recovery.within(window))
                .backend(backend)
                .namespace(
                        "/",
                        game -> game.onConnect(session -> {
                                    begun.add(session.id());
                                    session.set(NAME, session.principal().id());
                                    session.set(LEVEL, 7);
                                })
                                .onResume(resumed::add)
                                .onDisconnect((session, reason) -> ended.add(session.id() + " " + reason))
                                .on(JOIN, (session, room) -> {
                                    session.join(room);
                                    return null;
                                })
                                .onHeaders((event, given, position) -> headers.add(event + " " + given))
                                .onServer(TOLD, (from, text) -> told.add(text))
                                .onServer(SUM, (from, pair) -> new Sum(pair.a() + pair.b())))
                .build();
        server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
    }

    int port() {
        return server.port();
    }

    Namespace namespace() {
        return realtime.namespace("/");
    }

    @Override
    public void close() {
        server.close();
        realtime.close();
        backend.close();
    }
}
