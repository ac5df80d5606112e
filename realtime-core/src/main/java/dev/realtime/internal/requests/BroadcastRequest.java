package dev.realtime.internal.requests;

import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.ReplyReader;
import dev.realtime.internal.socketio.Fault;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.Target;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One question to many clients, on this node and all others, and their answers until everybody has answered or the time is over.
 * An answer may overtake the word of its node about who was asked.
 */
final class BroadcastRequest<T, R> implements LocalRequest.Listener, NamespaceBus.Gathering {

    private final Request<T, R> request;
    private final NamespaceBus bus;
    private final LocalRequests locals;
    private final ReplyReader reader;
    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final Executor asker;
    private final CompletableFuture<Replies<R>> replies = new CompletableFuture<>();
    // guarded by this
    private final Set<String> asked = new HashSet<>();
    private final Set<String> closed = new HashSet<>(); // of those: answered, or lost
    private final Map<String, @Nullable R> answers = new HashMap<>();
    private final Map<String, String> failed = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private final AnsweredNodes nodes = new AnsweredNodes();
    private final Map<String, Integer> unnamed = new HashMap<>(); // answers of nodes that do not say whose they are
    private boolean askedHere;
    private boolean done;

    BroadcastRequest(
            Request<T, R> request,
            NamespaceBus bus,
            LocalRequests locals,
            ReplyReader reader,
            NodeRuntime runtime,
            Lifetime lifetime) {
        this.request = request;
        this.bus = bus;
        this.locals = locals;
        this.reader = reader;
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.asker = runtime.logs().here(runtime.workers().handlers());
    }

    CompletionStage<Replies<R>> ask(Target target, EventData data, Duration timeout) {
        String id = target.node() == null
                ? bus.gather(this, name -> new BusMessage.Ask(name, target, data, timeout))
                : null;
        if (id == null) {
            expect(0);
        } else {
            bus.others().whenComplete((others, failure) -> expect(failure == null ? others : 1));
        }
        LocalRequest here = locals.ask(target, data, this);
        Time.Timer timer =
                runtime.time().schedule(timeout, () -> runtime.workers().execute(this::expire));
        return lifetime.within(replies).whenComplete((result, failure) -> {
            timer.cancel();
            here.stop();
            if (id != null) {
                bus.forget(id);
            }
        });
    }

    private void expect(int others) {
        synchronized (this) {
            nodes.expect(others);
        }
        finishIfComplete();
    }

    @Override
    public void asked(Set<String> sessions) {
        synchronized (this) {
            askedHere = true;
            asked.addAll(sessions);
        }
        finishIfComplete();
    }

    @Override
    public void answered(LocalSession session, Packet packet) {
        Fault fault = packet.fault();
        if (fault == null) {
            answered(session.id(), packet.data(), packet.attachments());
        } else {
            note(session.id(), null, "the answer does not fit: " + fault.sentence());
        }
    }

    @Override
    public void lost(LocalSession session) {
        lost(session.id());
    }

    @Override
    public void heard(String from, BusMessage message) {
        if (message instanceof BusMessage.Asked there) {
            synchronized (this) {
                nodes.answered(from);
                asked.addAll(there.sessions());
                for (int i = there.sessions().size() + 1; i <= there.count(); i++) {
                    asked.add(from + '#' + i);
                }
            }
            finishIfComplete();
        } else if (message instanceof BusMessage.Answered answered) {
            String session = answered.session();
            if (session == null) {
                synchronized (this) {
                    session = from + '#' + unnamed.merge(from, 1, Integer::sum);
                }
            }
            EventData answer = answered.answer();
            if (answer == null) {
                lost(session);
            } else {
                answered(session, new String(answer.json(), StandardCharsets.UTF_8), answer.attachments());
            }
        }
    }

    private void answered(String session, String arguments, List<byte[]> attachments) {
        @Nullable R reply = null;
        String failure = null;
        try {
            reply = reader.read(request, arguments, attachments);
        } catch (RequestFailedException refused) {
            failure = refused.getMessage();
        } catch (DecodeException e) {
            failure = "the answer does not fit: " + e.getMessage();
        }
        note(session, reply, failure);
    }

    private void note(String session, @Nullable R reply, @Nullable String failure) {
        synchronized (this) {
            if (done) {
                return;
            }
            asked.add(session);
            closed.add(session);
            if (failure != null) {
                failed.put(session, failure);
            } else if (request.reply() != Void.class) {
                answers.put(session, reply);
            }
        }
        finishIfComplete();
    }

    private void lost(String session) {
        synchronized (this) {
            if (!done) {
                asked.add(session);
                closed.add(session);
                missing.add(session);
            }
        }
        finishIfComplete();
    }

    private void expire() {
        synchronized (this) {
            if (done) {
                return;
            }
            askedHere = true;
            asked.removeAll(closed);
            missing.addAll(asked);
        }
        finish();
    }

    private void finishIfComplete() {
        synchronized (this) {
            if (!askedHere || !nodes.isComplete() || closed.size() < asked.size()) {
                return;
            }
        }
        finish();
    }

    @SuppressWarnings("NullAway") // null only where the application has allowed it as a reply
    private static <R> Map<String, R> copyOf(Map<String, @Nullable R> answers) {
        return Collections.unmodifiableMap(new HashMap<String, R>(answers));
    }

    private void finish() {
        Replies<R> result;
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
            result = new Replies<>(copyOf(answers), Map.copyOf(failed), Set.copyOf(missing), nodes.missing());
        }
        asker.execute(() -> replies.complete(result));
    }
}
