package dev.realtime.jakarta;

import dev.realtime.spi.InboundBudget;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message together from the pieces the container delivers and counts its bytes. Containers disagree on whether a limit
 * set for a session is enforced (Undertow's is not), so whole-message handlers are never used: what is held here plus one piece
 * of the container's buffer size is all the memory that a client can claim.
 *
 * <p>Used by the connection's reading thread only.
 */
final class MessageAssembly {
    private final IntSupplier limit;
    private final InboundBudget budget;
    private final String address;
    private InboundBudget.@Nullable Share share; // made for the first message in pieces that is large
    private @Nullable StringBuilder text;
    private @Nullable ByteArrayOutputStream binary;
    private long bytes;
    private boolean overflown;

    /**
     * @param limit of the message that arrives now, in bytes
     * @param address of the client
     */
    MessageAssembly(IntSupplier limit, InboundBudget budget, String address) {
        this.limit = limit;
        this.budget = budget;
        this.address = address;
    }

    /** Nothing is kept any more. From any thread. */
    void close() {
        InboundBudget.Share mine = share;
        if (mine != null) {
            mine.close();
        }
    }

    /** Whether the node has room for what is kept. */
    private boolean counts(boolean last) {
        InboundBudget.Share mine = share;
        if (mine == null) {
            if (last || bytes <= InboundBudget.FREE) {
                return true;
            }
            mine = budget.share(InboundBudget.Use.ARRIVING, address);
            share = mine;
        }
        return mine.hold(last ? 0 : bytes);
    }

    /** True from the first piece that went beyond the limit; nothing is kept from then on. */
    boolean overflown() {
        return overflown;
    }

    /** The whole message if this was its last piece, else null. */
    @Nullable
    String text(String piece, boolean last) {
        if (exceeds(utf8Length(piece), last)) {
            text = null;
            return null;
        }
        StringBuilder earlier = text;
        if (last) {
            text = null;
            bytes = 0;
            return earlier == null ? piece : earlier.append(piece).toString();
        }
        if (earlier == null) {
            text = earlier = new StringBuilder(piece.length() * 2);
        }
        earlier.append(piece);
        return null;
    }

    /** The whole message if this was its last piece, else null. The piece is copied. */
    byte @Nullable [] binary(ByteBuffer piece, boolean last) {
        if (exceeds(piece.remaining(), last)) {
            binary = null;
            return null;
        }
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        ByteArrayOutputStream earlier = binary;
        if (last && earlier == null) {
            bytes = 0;
            return copy;
        }
        if (earlier == null) {
            binary = earlier = new ByteArrayOutputStream(copy.length * 2);
        }
        earlier.writeBytes(copy);
        if (!last) {
            return null;
        }
        binary = null;
        bytes = 0;
        return earlier.toByteArray();
    }

    private boolean exceeds(long more, boolean last) {
        bytes += more;
        if (bytes > limit.getAsInt() || !counts(last)) {
            overflown = true;
        }
        return overflown;
    }

    /** A surrogate counts as two bytes, so that a pair counts as its four even when the pieces part it. */
    private static long utf8Length(String piece) {
        long length = piece.length();
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (c >= 0x80) {
                length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return length;
    }
}
