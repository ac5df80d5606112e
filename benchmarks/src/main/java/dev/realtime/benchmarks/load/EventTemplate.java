package dev.realtime.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One client frame that carries an event, built once; only the digits that identify a message change per send. Frames
 * are masked with a key other than zero, since servers may skip the work for zero.
 */
public final class EventTemplate {
    /** Hex digits at the start of every payload, which number the message. */
    public static final int ID_DIGITS = 8;

    static final String DEFAULT_NAMESPACE = "/";

    private static final byte[] MASK = {0x5a, (byte) 0xc3, 0x17, (byte) 0x9e};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final String ACK_ID = "0".repeat(ID_DIGITS);
    private static final int NOWHERE = -1;

    private final byte[] text;
    private final int idAt;

    /** Where the number of a request stands once more, or {@link #NOWHERE}. */
    private final int againAt;

    private EventTemplate(byte[] text, int idAt) {
        this(text, idAt, NOWHERE);
    }

    private EventTemplate(byte[] text, int idAt, int againAt) {
        this.text = text;
        this.idAt = idAt;
        this.againAt = againAt;
    }

    /** {@code 42["name","<payload>"]}, the payload starting with the message's number. */
    public static EventTemplate event(String name, int payloadBytes) {
        return of("42[\"" + name + "\",\"", payloadBytes);
    }

    /** {@code 42<id>["name","<payload>"]}, the ack id numbering the message. */
    public static EventTemplate request(String name, int payloadBytes) {
        return new EventTemplate(of("42" + ACK_ID + "[\"" + name + "\",\"", payloadBytes).text, 2);
    }

    /** As {@link #request}, and the payload starts with the digits of the ack id: no two are alike. */
    public static EventTemplate numberedRequest(String name, int payloadBytes) {
        return numbered("42" + ACK_ID + "[\"" + name + "\",\"", payloadBytes);
    }

    /** {@code 42<id>["name",time,"<payload>"]}, the payload starting with the digits of the ack id. */
    public static EventTemplate requestAt(String name, long time, int payloadBytes) {
        return numbered("42" + ACK_ID + "[\"" + name + "\"," + time + ",\"", payloadBytes);
    }

    private static EventTemplate numbered(String head, int payloadBytes) {
        return new EventTemplate(of(head, payloadBytes).text, 2, head.length());
    }

    /** {@code 42["name","first","<payload>"]}, the payload starting with the message's number. */
    public static EventTemplate eventTo(String namespace, String name, String first, int payloadBytes) {
        return of("42" + prefix(namespace) + "[\"" + name + "\",\"" + first + "\",\"", payloadBytes);
    }

    /** {@code 42<id>["name","argument"]}, the ack id numbering the message. */
    public static EventTemplate requestOf(String namespace, String name, String argument) {
        String head = "42" + prefix(namespace);
        String text = head + "0".repeat(ID_DIGITS) + "[\"" + name + "\",\"" + argument + "\"]";
        return new EventTemplate(text.getBytes(StandardCharsets.US_ASCII), head.length());
    }

    /** What stands behind the type of a packet: nothing for the default namespace. */
    static String prefix(String namespace) {
        return namespace.equals(DEFAULT_NAMESPACE) ? "" : namespace + ",";
    }

    private static EventTemplate of(String head, int payloadBytes) {
        if (payloadBytes < ID_DIGITS) {
            throw new IllegalArgumentException("a payload needs at least " + ID_DIGITS + " bytes, got " + payloadBytes);
        }
        String payload = "0".repeat(ID_DIGITS) + "x".repeat(payloadBytes - ID_DIGITS);
        return new EventTemplate((head + payload + "\"]").getBytes(StandardCharsets.US_ASCII), head.length());
    }

    void writeEvent(ByteBuffer out, int id) {
        for (int i = 0; i < ID_DIGITS; i++) {
            text[idAt + i] = HEX[(id >>> (28 - 4 * i)) & 15];
        }
        frame(out, text);
    }

    /** The ack id starts with a 1 so that it has no leading zeros: some parsers would read those as several ids. */
    void writeRequest(ByteBuffer out, int id) {
        int rest = id;
        for (int i = idAt + ID_DIGITS - 1; i > idAt; i--) {
            text[i] = HEX[rest % 10];
            rest /= 10;
        }
        text[idAt] = '1';
        if (againAt != NOWHERE) {
            System.arraycopy(text, idAt, text, againAt, ID_DIGITS);
        }
        frame(out, text);
    }

    static void frame(ByteBuffer out, byte[] text) {
        out.put((byte) 0x81);
        if (text.length < 126) {
            out.put((byte) (0x80 | text.length));
        } else {
            out.put((byte) (0x80 | 126)).putShort((short) text.length);
        }
        out.put(MASK);
        for (int i = 0; i < text.length; i++) {
            out.put((byte) (text[i] ^ MASK[i & 3]));
        }
    }

    /** A close frame with code 1000. */
    static void goodbye(ByteBuffer out) {
        out.put((byte) 0x88)
                .put((byte) 0x82)
                .put(MASK)
                .put((byte) (0x03 ^ MASK[0]))
                .put((byte) (0xe8 ^ MASK[1]));
    }

    /** The number of a request, from its digits at {@code at}: as an ack id, or in a payload. */
    static int readRequestId(ByteBuffer in, int at) {
        int id = 0;
        // The first digit is the constant 1 that keeps zeros from leading.
        for (int i = 1; i < ID_DIGITS; i++) {
            id = id * 10 + in.get(at + i) - '0';
        }
        return id;
    }

    /** The number at the start of a payload that begins at {@code at}. */
    static int readId(ByteBuffer in, int at) {
        int id = 0;
        for (int i = 0; i < ID_DIGITS; i++) {
            int digit = in.get(at + i);
            id = id << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }
        return id;
    }
}
