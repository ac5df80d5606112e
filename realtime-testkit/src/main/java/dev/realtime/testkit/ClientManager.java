package dev.realtime.testkit;

import dev.realtime.spi.HttpReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection of a client and the namespaces that share it. */
final class ClientManager implements ClientLink.Listener {
    private final Entrance entrance;
    private final ClientOptions options;
    private final ClientJson json = new ClientJson();
    private final Map<String, ClientNamespace> namespaces = new LinkedHashMap<>();
    private final List<byte[]> attachments = new ArrayList<>();
    private @Nullable ClientLink link;
    private @Nullable ClientPacket incomplete;
    private @Nullable HttpReply refusal;
    private boolean open;

    ClientManager(Entrance entrance, ClientOptions options) {
        this.entrance = entrance;
        this.options = options;
    }

    void add(ClientNamespace namespace) {
        namespaces.put(namespace.name(), namespace);
    }

    /** Opens the connection, unless it is; connects to a namespace. */
    void connect(ClientNamespace namespace) {
        if (open) {
            namespace.linkOpened();
        } else if (link == null) {
            refusal = null;
            InMemoryTransport transport = entrance.transport();
            ClientLink fresh = new ClientLink(
                    transport,
                    options.isRoaming() ? entrance::roaming : () -> transport,
                    options.request(transport.doors().path()),
                    json,
                    this);
            link = fresh;
            try {
                if (options.polling()) {
                    fresh.openPolling();
                } else {
                    fresh.openWebSocket();
                }
            } catch (InMemoryTransport.UpgradeRefused e) {
                link = null;
                refusal = e.reply();
                throw e;
            } catch (InMemoryTransport.Unreachable e) {
                link = null;
                throw e;
            }
        }
        settle();
    }

    void send(ClientPacket packet) {
        if (link != null) {
            link.send(packet.write(json));
        }
    }

    /** Closes the connection if no namespace uses it any more. */
    void closeUnused() {
        if (link != null && namespaces.values().stream().noneMatch(ClientNamespace::isActive)) {
            link.close();
            settle();
        }
    }

    ClientLink link() {
        if (link == null) {
            throw new AssertionError("the client has no connection");
        }
        return link;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether there is a connection, or an attempt at one. */
    boolean isUnderWay() {
        return link != null;
    }

    Entrance entrance() {
        return entrance;
    }

    /** Gives an attempt to connect up. */
    void abandon() {
        if (link != null) {
            link.drop();
            settle();
        }
    }

    ClientJson json() {
        return json;
    }

    void settle() {
        entrance.time().settle();
    }

    @Override
    public void opened() {
        open = true;
        List.copyOf(namespaces.values()).forEach(ClientNamespace::linkOpened);
        if (options.upgrade()) {
            link().upgrade();
        }
    }

    @Override
    public void text(String text) {
        if (incomplete != null) {
            throw new AssertionError("text in the middle of attachments: " + text);
        }
        ClientPacket packet = ClientPacket.read(text, json);
        if (packet.isBinary() && packet.attachments() > 0) {
            incomplete = packet;
        } else {
            dispatch(packet);
        }
    }

    @Override
    public void binary(byte[] attachment) {
        ClientPacket packet = incomplete;
        if (packet == null) {
            throw new AssertionError("an attachment of no packet");
        }
        attachments.add(attachment);
        if (attachments.size() == packet.attachments()) {
            incomplete = null;
            ClientPacket complete = packet.complete(List.copyOf(attachments), json);
            attachments.clear();
            dispatch(complete);
        }
    }

    @Override
    public void refused(HttpReply reply) {
        refusal = reply;
    }

    /** Returns what the latest attempt to connect was answered with, if the server did not want it. */
    @Nullable
    HttpReply refusal() {
        return refusal;
    }

    @Override
    public void closed(String reason) {
        open = false;
        link = null;
        incomplete = null;
        attachments.clear();
        List.copyOf(namespaces.values()).forEach(namespace -> namespace.ended(reason));
    }

    private void dispatch(ClientPacket packet) {
        ClientNamespace namespace = namespaces.get(packet.namespace());
        if (namespace != null) {
            namespace.receive(packet);
        }
    }
}
