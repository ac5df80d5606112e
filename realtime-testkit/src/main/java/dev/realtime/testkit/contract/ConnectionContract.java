package dev.realtime.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Connection;
import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.TransportDoors;
import dev.realtime.testkit.contract.ScriptedDoors.End;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a transport owes the engine, as {@link Connection} and {@link dev.realtime.spi.ConnectionListener} say it. Extend it to run on a transport
 * of your own; {@link TransportContract} then runs the whole protocol with an engine behind it.
 */
public abstract class ConnectionContract {
    /** More than any pair of socket buffers holds. */
    private static final int FAR_TOO_MUCH = 64 << 20;

    private final ScriptedDoors doors = new ScriptedDoors();
    private Served transport;

    /** A transport that serves these doors. Called before each test. */
    protected abstract Served serve(TransportDoors served) throws Exception;

    /** A transport in service. */
    public interface Served extends AutoCloseable {
        /** Opens a WebSocket, as a client does. */
        Client connect() throws Exception;

        /**
         * Waits until something has come true that the transport does on threads of its own, and fails with a patience of its choice. A
         * transport on virtual time lets time pass.
         */
        void await(String what, BooleanSupplier condition);

        @Override
        void close();
    }

    /** A client's end of one connection. */
    public interface Client {
        void send(String message);

        void send(byte[] message);

        /** Waits for the next message: a {@code String} or a {@code byte[]}. */
        Object next();

        /** Reads to the end of the connection and returns the close code, 1006 when there was none. */
        int closed();

        /** Closes in good order. */
        void close(int code);

        /** Breaks the connection. */
        void reset();

        /** From now on the client reads nothing. */
        void stall();
    }

    @BeforeEach
    void begin() throws Exception {
        transport = serve(doors);
    }

    @AfterEach
    void end() {
        transport.close();
        assertThat(doors.opened).allSatisfy(end -> assertThat(end.faults).isEmpty());
    }

    private End opened(int index) {
        transport.await("a connection", () -> doors.opened.size() > index);
        return doors.opened.get(index);
    }

    private static Frame text(String message) {
        return Frame.text(message.getBytes(UTF_8));
    }

    @Test
    void messagesArriveWholeAndInOrder() throws Exception {
        Client client = transport.connect();
        String large = "ä€😀x".repeat(7_000);
        client.send("first");
        client.send(new byte[] {1, 2, 3});
        client.send(large);
        client.send(new byte[ScriptedDoors.MAX_PAYLOAD]);
        client.send("last");
        End end = opened(0);
        transport.await("five messages", () -> end.messages.size() == 5);
        assertThat(end.messages.get(0)).isEqualTo("first");
        assertThat(end.messages.get(1)).isEqualTo(new byte[] {1, 2, 3});
        assertThat(end.messages.get(2)).isEqualTo(large);
        assertThat((byte[]) end.messages.get(3)).hasSize(ScriptedDoors.MAX_PAYLOAD);
        assertThat(end.messages.get(4)).isEqualTo("last");
    }

    @Test
    void everyReadComesToAnEnd() throws Exception {
        Client client = transport.connect();
        End end = opened(0);
        for (int i = 1; i <= 10; i++) {
            int heard = 2 * i;
            client.send("text");
            client.send(new byte[] {1});
            transport.await("the end of a read", () -> end.messages.size() == heard && end.unfinished.get() == 0);
        }
    }

    @Test
    void whatWasReadBeforeAGoodbyeIsToldBeforeIt() throws Exception {
        Client tooLarge = transport.connect();
        End one = opened(0);
        tooLarge.send("good");
        tooLarge.send("x".repeat(ScriptedDoors.MAX_PAYLOAD + 1));
        assertThat(tooLarge.closed()).isEqualTo(1009);
        transport.await("the end", () -> one.closes.size() == 1);
        Client leaving = transport.connect();
        End other = opened(1);
        leaving.send("good");
        leaving.close(1000);
        transport.await("the end", () -> other.closes.size() == 1);
        for (End end : List.of(one, other)) {
            assertThat(end.messages).containsExactly("good");
            assertThat(end.unfinished).hasValue(0);
        }
    }

    @Test
    void whatTheEngineWritesWhileOpeningArrivesFirst() throws Exception {
        Outcome outcome = new Outcome();
        doors.onOpen = end -> outcome.of(end.connection, List.of(text("0{}"), text("40")));
        Client client = transport.connect();
        assertThat(client.next()).isEqualTo("0{}");
        assertThat(client.next()).isEqualTo("40");
        transport.await("the end of the write", outcome::isWritten);
    }

    @Test
    void aBatchArrivesInOrderAndIsReportedOnce() throws Exception {
        Client client = transport.connect();
        List<Frame> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(i % 3 == 0 ? Frame.binary(("m" + i).getBytes(UTF_8)) : text("m" + i));
        }
        Outcome outcome = new Outcome();
        outcome.of(opened(0).connection, batch);
        for (int i = 0; i < 1_000; i++) {
            Object message = client.next();
            assertThat(message instanceof byte[] bytes ? new String(bytes, UTF_8) : message)
                    .isEqualTo("m" + i);
        }
        transport.await("the end of the write", outcome::isWritten);
        client.close(1000);
        transport.await("the end", () -> opened(0).closes.size() == 1);
        assertThat(outcome.isWritten())
                .as("reported once, and by one way alone")
                .isTrue();
    }

    @Test
    void batchesFollowOneAnother() throws Exception {
        Client client = transport.connect();
        Connection connection = opened(0).connection;
        for (int i = 0; i < 100; i++) {
            Outcome outcome = new Outcome();
            outcome.of(connection, List.of(text("a" + i), Frame.binary(new byte[] {(byte) i})));
            assertThat(client.next()).isEqualTo("a" + i);
            assertThat(client.next()).isEqualTo(new byte[] {(byte) i});
            transport.await("the end of the write", outcome::isWritten);
        }
    }

    @Test
    void aSharedFrameReachesEveryConnection() throws Exception {
        List<Client> clients = List.of(transport.connect(), transport.connect(), transport.connect());
        Frame shared = text("2[\"said\",\"ä\"]");
        for (int i = 0; i < clients.size(); i++) {
            new Outcome().of(opened(i).connection, List.of(shared));
        }
        for (Client client : clients) {
            assertThat(client.next()).isEqualTo("2[\"said\",\"ä\"]");
        }
    }

    @Test
    void aGoodbyeComesBehindWhatIsWrittenAndCarriesItsCode() throws Exception {
        Client client = transport.connect();
        End end = opened(0);
        Outcome outcome = new Outcome();
        outcome.of(end.connection, List.of(text("one"), text("two")));
        end.connection.close(1013, "try again later");
        end.connection.close(1000, "twice");
        assertThat(client.next()).isEqualTo("one");
        assertThat(client.next()).isEqualTo("two");
        assertThat(client.closed()).isEqualTo(1013);
        transport.await("the end", () -> !end.closes.isEmpty());
        assertThat(end.closes).containsExactly(1013);
        transport.await("the end of the write", outcome::isWritten);
    }

    @Test
    void aClientThatClosesIsReportedOnceWithItsCode() throws Exception {
        Client client = transport.connect();
        End end = opened(0);
        client.send("last words");
        client.close(4001);
        transport.await("the end", () -> !end.closes.isEmpty());
        assertThat(end.messages).containsExactly("last words");
        assertThat(end.closes).containsExactly(4001);
    }

    @Test
    void aConnectionThatBreaksIsReportedOnceAndTakesNothingMore() throws Exception {
        Client client = transport.connect();
        End end = opened(0);
        client.reset();
        transport.await("the end", () -> !end.closes.isEmpty());
        Outcome late = new Outcome();
        late.of(end.connection, List.of(text("late")));
        transport.await("the failure of a late write", late::isFailed);
        end.connection.close(1000, "too late");
        end.connection.terminate();
        assertThat(end.closes).hasSize(1);
        assertThat(end.closes.get(0)).isNotEqualTo(1000);
    }

    @Test
    void aMessageBeyondTheLimitEndsTheConnectionWith1009() throws Exception {
        Client client = transport.connect();
        client.send("ä".repeat(ScriptedDoors.MAX_PAYLOAD / 2 + 1));
        assertThat(client.closed()).isEqualTo(1009);
        End end = opened(0);
        transport.await("the end", () -> end.closes.size() == 1);
        assertThat(end.messages).isEmpty();
    }

    @Test
    void terminateLetsAClientGoThatDoesNotRead() throws Exception {
        Client client = transport.connect();
        client.stall();
        End end = opened(0);
        Outcome outcome = new Outcome();
        outcome.of(end.connection, List.of(Frame.binary(new byte[FAR_TOO_MUCH])));
        assertThat(outcome.isWritten()).isFalse();
        end.connection.terminate();
        end.connection.terminate();
        transport.await("the end", () -> end.closes.size() == 1 && outcome.isFailed());
        assertThat(end.closes).containsExactly(1006);
    }

    @Test
    void closeReturnsAtOnceAndLetsAClientGoThatDoesNotRead() throws Exception {
        Client client = transport.connect();
        client.stall();
        End end = opened(0);
        Outcome outcome = new Outcome();
        outcome.of(end.connection, List.of(Frame.binary(new byte[FAR_TOO_MUCH])));
        end.connection.close(1000, "bye");
        assertThat(outcome.isOver()).as("close() has waited for the reader").isFalse();
        transport.await("the end", () -> end.closes.size() == 1 && outcome.isFailed());
    }

    /** How one write went. */
    private static final class Outcome implements WriteListener {
        private final List<String> reports = new CopyOnWriteArrayList<>();

        void of(Connection connection, List<Frame> batch) {
            if (connection.write(batch, this)) {
                reports.add("written");
            }
        }

        @Override
        public void written() {
            reports.add("written");
        }

        @Override
        public void failed(Throwable cause) {
            reports.add("failed");
        }

        boolean isOver() {
            return !reports.isEmpty();
        }

        boolean isWritten() {
            return reports.equals(List.of("written"));
        }

        boolean isFailed() {
            return reports.equals(List.of("failed"));
        }
    }
}
