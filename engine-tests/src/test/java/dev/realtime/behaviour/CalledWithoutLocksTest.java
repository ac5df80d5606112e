package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.LEAVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Room;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.SessionStore;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import dev.realtime.throttle.Throttle;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The engine holds none of its locks when it calls the application, a transport or a backend. Each call asks the JVM which monitors its thread has, and
 * the executor of the application runs what it is given at once, so that whatever is submitted under a lock runs under it.
 */
class CalledWithoutLocksTest {
    private static final Request<Text, Text> ASK = Request.of("ask", Text.class, Text.class);
    private static final Request<Text, Text> RECORDED = Request.of("recorded", Text.class, Text.class);
    private static final Event<Text> BYE = Event.of("bye", Text.class);
    /** Who wants a namespace that is just being opened waits for it, and nobody else does. */
    private static final String OPENING = "dev.realtime.internal.namespace.Namespaces$Opened";
    /** Only read what the backend has at hand. */
    private static final Set<String> READS = Set.of("tail", "epoch", "gaps", "isDegraded", "lendsThread");

    private final Set<String> calls = new TreeSet<>();
    private final Set<String> underLocks = new TreeSet<>();

    private void called(String what) {
        calls.add(what);
        long thread = Thread.currentThread().getId();
        for (MonitorInfo monitor : ManagementFactory.getThreadMXBean()
                .getThreadInfo(new long[] {thread}, true, false)[0]
                .getLockedMonitors()) {
            if (monitor.getClassName().startsWith("dev.realtime.internal")
                    && !monitor.getClassName().equals(OPENING)) {
                underLocks.add(
                        what + " under " + monitor.getClassName() + " taken at " + monitor.getLockedStackFrame());
            }
        }
    }

    private <T> T probed(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (!READS.contains(method.getName())) {
                        called(type.getSimpleName() + "." + method.getName());
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        for (Class<?> seam : List.of(Log.class, Bus.class, SessionStore.class, Leases.class)) {
                            if (seam.isInstance(result)) {
                                return probedAs(seam, result);
                            }
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private <T> T probedAs(Class<T> type, Object target) {
        return probed(type, type.cast(target));
    }

    private void game(NamespaceSetup game) {
        game.joins(Game.ZONE, (principal, room) -> {
                    called("room rule");
                    return true;
                })
                .intercept((handshake, principal, entry) -> called("connect interceptor"))
                .intercept((session, contract, payload, next) -> {
                    called("event interceptor");
                    next.proceed();
                })
                .throttle(Throttle.of(Game.TICK).atMostEvery((session, key) -> {
                    called("throttle's interval");
                    return Duration.ofMillis(50);
                }))
                .onConnect(session -> called("onConnect"))
                .onSuspend((session, reason) -> called("onSuspend"))
                .onResume(session -> called("onResume"))
                .onFresh((session, reason) -> called("onFresh"))
                .onDisconnect((session, reason) -> called("onDisconnect"))
                .onUnknown((session, event) -> called("onUnknown"))
                .on(ECHO, (session, text) -> {
                    called("handler");
                    depends(session.emit(Game.SAID, text), "emit");
                    return text;
                })
                .on(JOIN, (session, room) -> {
                    session.join(Game.ZONE.of(room.name()));
                    depends(session.room(Game.ZONE.of(room.name())).emit(Game.SAID, new Text("hello")), "emit");
                    return new Game.Number(1);
                })
                .on(LEAVE, (session, room) -> {
                    session.leave(Game.ZONE.of(room.name()));
                    return new Game.Number(0);
                })
                .onAsync(RECORDED, (session, text) -> {
                    session.join(Game.ZONE.of(text.text()));
                    return session.recorded().thenApply(done -> {
                        called("what depends on a record");
                        return text;
                    });
                })
                .on(BYE, (session, text) -> session.disconnect(true));
    }

    private void depends(CompletionStage<?> stage, String on) {
        var unused = stage.whenComplete((done, failure) -> called("what depends on " + on));
    }

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .authenticator(handshake -> {
                        called("authenticator");
                        return Optional.of(Principal.of("ann"));
                    })
                    .namespace("/", this::game)
                    .namespaces(
                            name -> {
                                called("predicate");
                                return Pattern.matches("/match-.*", name);
                            },
                            this::game))
            .keepAuthenticator()
            .handlers(Runnable::run)
            .backend(backend -> probed(Backend.class, backend));

    @AfterEach
    void noneOfItWasCalledUnderALock() {
        realtime.close();
        assertThat(underLocks).isEmpty();
    }

    private void live(String namespace) {
        TestClient client = realtime.client().connect(namespace);
        client.request(ECHO, new Text("a"));
        client.request(JOIN, new Room("tavern"));
        client.ask(RECORDED, new Text("cellar"));
        client.emitRaw("who knows");
        client.answer(ASK, text -> text);
        Session session = realtime.namespace(namespace).find(client.id()).orElseThrow();
        depends(session.request(ASK, new Text("?"), Duration.ofSeconds(5)), "a client's answer");
        depends(realtime.namespace(namespace).request(ASK, new Text("?"), Duration.ofSeconds(5)), "answers of all");
        depends(realtime.namespace(namespace).fetch(), "a fetch");
        for (int i = 0; i < 2; i++) {
            realtime.namespace(namespace).asVolatile().coalesce("p7").emit(Game.TICK, new Game.Number(i));
        }
        realtime.settle();
        depends(session.request(ASK, new Text("?"), Duration.ofSeconds(5)), "a lost answer");
        client.dropConnection();
        realtime.await(realtime.namespace(namespace).emit(Game.SAID, new Text("missed")));
        client.reconnect();
        assertThat(client.recovered()).isTrue();
        client.request(LEAVE, new Room("tavern"));
        client.dropConnection();
        realtime.advance(Duration.ofMinutes(5));
        TestClient next = realtime.client().connect(namespace);
        next.emit(BYE, new Text("now"));
        realtime.settle();
    }

    @Test
    void aLifeInANamespace() {
        live("/");
        assertThat(calls)
                .contains(
                        "authenticator",
                        "connect interceptor",
                        "event interceptor",
                        "handler",
                        "onConnect",
                        "onSuspend",
                        "onResume",
                        "onDisconnect",
                        "onUnknown",
                        "room rule",
                        "throttle's interval",
                        "what depends on emit",
                        "what depends on a record",
                        "what depends on a client's answer",
                        "what depends on a lost answer",
                        "what depends on answers of all",
                        "what depends on a fetch",
                        "Log.append",
                        "SessionStore.save",
                        "SessionStore.claim");
    }

    @Test
    void aLifeInANamespaceOfAPattern() {
        live("/match-1");
        realtime.advance(Duration.ofMinutes(5));
        assertThat(calls).contains("predicate", "Backend.log", "Backend.bus", "Log.close");
    }

    private final class Polled implements HttpExchange {
        private final RequestView request;
        private final byte[] body;
        private final List<String> replies = new ArrayList<>();

        Polled(TestRequest request, String body) {
            this.request = request.view();
            this.body = body.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public RequestView request() {
            return request;
        }

        @Override
        public CompletionStage<byte[]> body(int limit) {
            return CompletableFuture.completedFuture(body);
        }

        @Override
        public void reply(HttpReply reply) {
            called("reply");
            replies.add(reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8));
        }

        @Override
        public void onAbort(Runnable gone) {}
    }

    private Polled poll(String method, String sid, String body) {
        TestRequest request =
                TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
        Polled polled = new Polled(sid.isEmpty() ? request : request.query("sid", sid), body);
        realtime.realtime().doors().exchange(polled);
        realtime.settle();
        return polled;
    }

    @Test
    void repliesToPolls() {
        String opened = poll("GET", "", "").replies.get(0);
        String sid = opened.replaceAll("(?s).*\"sid\":\"([^\"]+)\".*", "$1");
        poll("POST", sid, "40");
        assertThat(poll("GET", sid, "").replies.get(0)).contains("40{");
        Polled held = poll("GET", sid, "");
        poll("POST", sid, "420[\"echo\",{\"text\":\"a\"}]");
        assertThat(held.replies).hasSize(1);
        poll("GET", sid, "");
        assertThat(poll("GET", sid, "").replies.get(0)).startsWith("400");
        assertThat(poll("GET", sid, "").replies.get(0)).startsWith("400");
        poll("POST", sid, "4");
        assertThat(calls).contains("reply");
    }
}
