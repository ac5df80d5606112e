package dev.realtime.internal.socketio;

/**
 * What is wrong with a packet that keeps the protocol all the same: an honest client may send it, since no client library checks what its
 * application hands over. The event is refused with this sentence, or the answer counts as a bad one, and the connection goes on. What breaks
 * the protocol itself is a {@link BadPacketException}.
 */
public enum Fault {
    /** Arrays and objects nested too deep. */
    TOO_DEEP("the payload is nested too deep"),
    /** A number that no double holds, or of more digits than anybody needs. */
    NUMBER_OUT_OF_RANGE("a number in the payload is out of range"),
    /** More binary attachments than allowed. */
    TOO_MANY_ATTACHMENTS("too many attachments"),
    /** The attachments of one packet exceed their limit in bytes. */
    ATTACHMENTS_TOO_LARGE("the attachments are too large"),
    /** A placeholder that stands for no attachment, an attachment with no placeholder, or with several. */
    BAD_PLACEHOLDER("a placeholder points to no attachment of its own"),
    /** An event name longer than allowed. */
    EVENT_NAME_TOO_LONG("the name of the event is too long"),
    /** A CONNECT to a namespace whose name is longer than allowed. */
    NAMESPACE_TOO_LONG("the name of the namespace is too long");

    private final String sentence;

    Fault(String sentence) {
        this.sentence = sentence;
    }

    /** What the client is told. */
    public String sentence() {
        return sentence;
    }

    /** Whether it is the size that is wrong. */
    public boolean isSize() {
        return this == TOO_MANY_ATTACHMENTS || this == ATTACHMENTS_TOO_LARGE;
    }
}
