package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a client answers is not lost because it says something else at the same moment. */
class TextSenderTest {
    private final StrictSocket socket = new StrictSocket();
    private final TextSender sender = new TextSender(socket);

    @Test
    void aTextLeavesWhenTheOneBeforeItHasLeft() {
        CompletableFuture<?> said = sender.send("say");
        CompletableFuture<?> answered = sender.send("enter");
        assertThat(socket.sent).containsExactly("say");
        socket.left();
        assertThat(said).isCompleted();
        assertThat(socket.sent).containsExactly("say", "enter");
        socket.left();
        assertThat(answered).isCompleted();
    }

    @Test
    void aTextThatCannotBeSentLeavesTheOthersTheirTurn() {
        CompletableFuture<?> said = sender.send("say");
        CompletableFuture<?> answered = sender.send("enter");
        socket.fails();
        assertThat(said).isCompletedExceptionally();
        assertThat(socket.sent).containsExactly("say", "enter");
        socket.left();
        assertThat(answered).isCompleted();
    }

    /** As the JDK's: one text at a time. */
    private static final class StrictSocket implements WebSocket {
        private final List<String> sent = new ArrayList<>();
        private CompletableFuture<WebSocket> pending = CompletableFuture.completedFuture(this);

        void left() {
            pending.complete(this);
        }

        void fails() {
            pending.completeExceptionally(new IllegalStateException("broken"));
        }

        @Override
        public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
            if (!pending.isDone()) {
                return CompletableFuture.failedFuture(new IllegalStateException("Send pending"));
            }
            pending = new CompletableFuture<>();
            sent.add(data.toString());
            return pending;
        }

        @Override
        public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void request(long n) {}

        @Override
        public String getSubprotocol() {
            return "";
        }

        @Override
        public boolean isOutputClosed() {
            return false;
        }

        @Override
        public boolean isInputClosed() {
            return false;
        }

        @Override
        public void abort() {}
    }
}
