package dev.realtime.benchmarks.peers;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketConfig;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import java.io.IOException;

/** The netty-socketio peer: its defaults, on the native epoll transport if {@code --epoll} is given. */
public final class NettySocketIoPeer {
    private NettySocketIoPeer() {}

    public static void main(String[] args) throws IOException {
        SocketConfig sockets = new SocketConfig();
        sockets.setReuseAddress(true);
        sockets.setAcceptBackLog(4096);
        Configuration configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(Control.port(args));
        configuration.setTransports(Transport.WEBSOCKET);
        configuration.setSocketConfig(sockets);
        configuration.setUseLinuxNativeEpoll(Control.has(args, "--epoll"));

        SocketIOServer server = new SocketIOServer(configuration);
        server.addConnectListener(client -> client.joinRoom("all"));
        server.addEventListener(
                "bcast",
                String.class,
                (client, payload, ack) -> server.getRoomOperations("all").sendEvent("msg", payload));
        server.addEventListener("echo", String.class, (client, payload, ack) -> ack.sendAckData(payload));
        server.start();
        Control.serve();
    }
}
