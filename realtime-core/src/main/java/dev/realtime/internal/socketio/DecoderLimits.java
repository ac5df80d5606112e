package dev.realtime.internal.socketio;

/**
 * What one packet may hold.
 *
 * @param maxAttachments binary attachments, 0 to refuse binary packets
 * @param maxAttachmentBytes sum of the attachments' sizes in bytes
 * @param maxDepth arrays and objects open at once in the payload, the outermost array included
 * @param maxNamespaceLength characters of the namespace, its query not counted
 * @param maxEventNameLength characters of the event name, after unescaping
 */
public record DecoderLimits(
        int maxAttachments, long maxAttachmentBytes, int maxDepth, int maxNamespaceLength, int maxEventNameLength) {

    /** 10 attachments (as the reference server), 1 MB of them, depth 32, 128 characters for either name. */
    public static final DecoderLimits DEFAULTS = new DecoderLimits(10, 1_000_000, 32, 128, 128);

    public DecoderLimits {
        atLeast("maxAttachments", 0, maxAttachments);
        atLeast("maxAttachmentBytes", 0, maxAttachmentBytes);
        atLeast("maxDepth", 1, maxDepth);
        atLeast("maxNamespaceLength", 1, maxNamespaceLength);
        atLeast("maxEventNameLength", 1, maxEventNameLength);
    }

    private static void atLeast(String name, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }
}
