package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO v5 packet as the client reads or writes it.
 *
 * @param type the digit of the protocol
 * @param id of the acknowledgement; null for none
 * @param attachments still missing for a packet that has just been read
 */
record ClientPacket(int type, String namespace, @Nullable Long id, JsonNode data, int attachments) {
    static final int CONNECT = 0;
    static final int DISCONNECT = 1;
    static final int EVENT = 2;
    static final int ACK = 3;
    static final int CONNECT_ERROR = 4;
    static final int BINARY_EVENT = 5;
    static final int BINARY_ACK = 6;

    /** Reads the text form, without the Engine.IO packet type. */
    static ClientPacket read(String text, ClientJson json) {
        int at = 1;
        int type = Character.digit(text.charAt(0), 10);
        int attachments = 0;
        if (type == BINARY_EVENT || type == BINARY_ACK) {
            int dash = text.indexOf('-');
            attachments = Integer.parseInt(text.substring(1, dash));
            at = dash + 1;
        }
        String namespace = "/";
        if (at < text.length() && text.charAt(at) == '/') {
            int comma = text.indexOf(',', at);
            namespace = comma < 0 ? text.substring(at) : text.substring(at, comma);
            at = comma < 0 ? text.length() : comma + 1;
        }
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        Long id = digits == at ? null : Long.valueOf(text.substring(at, digits));
        JsonNode data = digits == text.length() ? MissingNode.getInstance() : json.parse(text.substring(digits));
        return new ClientPacket(type, namespace, id, data, attachments);
    }

    /** The text form, and what follows it as binary messages. */
    Wire write(ClientJson json) {
        List<byte[]> binary = new ArrayList<>();
        JsonNode body = json.extract(data, binary);
        StringBuilder text = new StringBuilder();
        if (binary.isEmpty()) {
            text.append(type);
        } else {
            text.append(type == EVENT ? BINARY_EVENT : BINARY_ACK)
                    .append(binary.size())
                    .append('-');
        }
        if (!namespace.equals("/")) {
            text.append(namespace).append(',');
        }
        if (id != null) {
            text.append(id);
        }
        if (!body.isMissingNode()) {
            text.append(json.text(body));
        }
        return new Wire(text.toString(), binary);
    }

    ClientPacket complete(List<byte[]> binary, ClientJson json) {
        return new ClientPacket(type == BINARY_EVENT ? EVENT : ACK, namespace, id, json.insert(data, binary), 0);
    }

    boolean isBinary() {
        return type == BINARY_EVENT || type == BINARY_ACK;
    }

    record Wire(String text, List<byte[]> attachments) {}
}
