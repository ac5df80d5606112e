package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What containers do to a send that no test can make them do at will. */
final class BatchTest {
    private final List<String> heard = new ArrayList<>();
    private final List<SendHandler> pending = new ArrayList<>();
    private final List<Object> sent = new ArrayList<>();
    private final WriteListener listener = new WriteListener() {
        @Override
        public void written() {
            heard.add("written");
        }

        @Override
        public void failed(Throwable cause) {
            heard.add("failed: " + cause.getMessage());
        }
    };

    @Test
    void aHundredThousandSendsThatCompleteAtOnceDoNotOverflowTheStack() {
        List<Frame> frames = Collections.nCopies(100_000, Frame.text(new byte[] {'4'}));
        Batch batch =
                new Batch(remote((message, handler) -> handler.onResult(new SendResult())), false, frames, listener);
        assertThat(batch.start()).isTrue();
        assertThat(batch.failure()).isNull();
        assertThat(sent).hasSize(100_000);
        assertThat(heard).isEmpty();
    }

    @Test
    void theNextSendWaitsForTheOneBefore() {
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), false, frames(), listener);
        assertThat(batch.start()).isFalse();
        assertThat(sent).containsExactly("a");
        pending.get(0).onResult(new SendResult());
        assertThat(sent).containsExactly("a", "b");
        assertThat(heard).isEmpty();
        pending.get(1).onResult(new SendResult());
        assertThat(heard).containsExactly("written");
    }

    @Test
    void aFailedSendEndsTheBatchOnce() {
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), false, frames(), listener);
        batch.start();
        pending.get(0).onResult(new SendResult(new IOException("reset")));
        batch.abandon(new IOException("ended"));
        pending.get(0).onResult(new SendResult());
        assertThat(heard).containsExactly("failed: reset");
        assertThat(sent).containsExactly("a");
    }

    @Test
    void anAbandonedBatchIgnoresWhatTheContainerSaysLater() {
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), false, frames(), listener);
        batch.start();
        batch.abandon(new IOException("ended"));
        pending.get(0).onResult(new SendResult());
        assertThat(heard).containsExactly("failed: ended");
        assertThat(sent).containsExactly("a");
    }

    @Test
    void aSendRefusedByTheContainerFailsTheBatchWithoutCallingBack() {
        Batch batch = new Batch(
                remote((message, handler) -> {
                    throw new IllegalStateException("closed");
                }),
                false,
                frames(),
                listener);
        assertThat(batch.start()).isTrue();
        assertThat(batch.failure()).hasMessage("closed");
        assertThat(heard).isEmpty();
    }

    @Test
    void overlappingSendsAreHandedOverWithoutWaiting() {
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), true, frames(), listener);
        assertThat(batch.start()).isFalse();
        assertThat(sent).containsExactly("a", "b");
        pending.get(1).onResult(new SendResult());
        assertThat(heard).isEmpty();
        pending.get(0).onResult(new SendResult());
        assertThat(heard).containsExactly("written");
    }

    @Test
    void overlappingSendsAreHandedOverFromWithinTheReportOfTheFirst() {
        List<Integer> sentWhenReported = new ArrayList<>();
        Batch batch = new Batch(
                remote((message, handler) -> {
                    handler.onResult(new SendResult());
                    sentWhenReported.add(sent.size());
                }),
                true,
                List.of(Frame.text(new byte[] {'a'}), Frame.text(new byte[] {'b'}), Frame.text(new byte[] {'c'})),
                listener);
        assertThat(batch.start()).isTrue();
        assertThat(sent).containsExactly("a", "b", "c");
        // the first report has not returned before all are sent: a container that is writing queues them
        assertThat(sentWhenReported).containsExactly(2, 3, 3);
        assertThat(batch.failure()).isNull();
        assertThat(heard).isEmpty();
    }

    @Test
    void aContainerHoldsABoundedCopyOfWhatIsNotRead() {
        List<Frame> frames = Collections.nCopies(100, Frame.text(new byte[Batch.WINDOW / 4]));
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), true, frames, listener);
        assertThat(batch.start()).isFalse();
        for (int reported = 0; reported < 96; reported++) {
            assertThat(sent).hasSize(reported + 4);
            pending.get(reported).onResult(new SendResult());
        }
        assertThat(heard).isEmpty();
        pending.subList(96, 100).forEach(handler -> handler.onResult(new SendResult()));
        assertThat(heard).containsExactly("written");
    }

    @Test
    void aFrameThatIsLargerThanAContainerMayHoldGoesAlone() {
        Frame large = Frame.binary(new byte[Batch.WINDOW + 1]);
        List<Frame> frames = List.of(large, large, Frame.text(new byte[] {'a'}), Frame.text(new byte[] {'b'}));
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), true, frames, listener);
        assertThat(batch.start()).isFalse();
        assertThat(sent).hasSize(1);
        pending.get(0).onResult(new SendResult());
        assertThat(sent).hasSize(2);
        pending.get(1).onResult(new SendResult());
        assertThat(sent).hasSize(4);
    }

    @Test
    void overlappingSendsOfAHundredThousandFramesDoNotOverflowTheStack() {
        List<Frame> frames = Collections.nCopies(100_000, Frame.text(new byte[] {'4'}));
        Batch batch =
                new Batch(remote((message, handler) -> handler.onResult(new SendResult())), true, frames, listener);
        assertThat(batch.start()).isTrue();
        assertThat(sent).hasSize(100_000);
    }

    @Test
    void oneFailureAmongOverlappingSendsFailsTheBatchOnce() {
        Batch batch = new Batch(remote((message, handler) -> pending.add(handler)), true, frames(), listener);
        assertThat(batch.start()).isFalse();
        pending.get(0).onResult(new SendResult());
        pending.get(1).onResult(new SendResult(new IOException("reset")));
        batch.abandon(new IOException("ended"));
        assertThat(heard).containsExactly("failed: reset");
    }

    @Test
    void aFirstSendThatFailsAtOnceKeepsTheOthersBack() {
        Batch batch = new Batch(
                remote((message, handler) -> handler.onResult(new SendResult(new IOException("reset")))),
                true,
                frames(),
                listener);
        assertThat(batch.start()).isTrue();
        assertThat(batch.failure()).hasMessage("reset");
        assertThat(sent).containsExactly("a");
    }

    private static List<Frame> frames() {
        return List.of(Frame.text(new byte[] {'a'}), Frame.text(new byte[] {'b'}));
    }

    private RemoteEndpoint.Async remote(BiConsumer<Object, SendHandler> send) {
        return (RemoteEndpoint.Async) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RemoteEndpoint.Async.class}, (proxy, method, args) -> {
                    sent.add(args[0]);
                    send.accept(args[0], (SendHandler) args[1]);
                    return null;
                });
    }
}
