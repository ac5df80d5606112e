package dev.realtime.benchmarks;

import dev.realtime.benchmarks.peers.NettySocketIoPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server to measure: its name in the report and the command that starts it, {@code --port N} to be appended. */
record Server(String name, List<String> command) {
    static final List<String> NAMES = List.of("node", "netty-socketio", "netty-socketio-epoll", "realtime");

    /** Only where {@code --java-25} says which JDK it is: handlers and deliveries then run on virtual threads. */
    static final String ON_25 = "realtime-25";

    /** Handlers run on the thread that read the event, as the peers' do. */
    static final String DIRECT = "realtime-direct";

    static Server named(String name, Options options) {
        return new Server(
                name,
                switch (name) {
                    case "node" ->
                        List.of(
                                "node",
                                "--expose-gc",
                                options.directory().resolve("node/server.js").toString());
                    case "netty-socketio" -> java(NettySocketIoPeer.class, options);
                    case "realtime" -> java(RealtimeServer.class, options);
                    case DIRECT -> {
                        List<String> command = new ArrayList<>(java(RealtimeServer.class, options));
                        command.addAll(List.of("--handlers", "direct"));
                        yield command;
                    }
                    case ON_25 -> java(options.java25(), RealtimeServer.class, options);
                    case "netty-socketio-epoll" -> {
                        List<String> command = new ArrayList<>(java(NettySocketIoPeer.class, options));
                        command.add("--epoll");
                        yield command;
                    }
                    default ->
                        throw new IllegalArgumentException("no server is called " + name + "; there are " + NAMES);
                });
    }

    /** All servers in Java get the same heap and, on the one core they are pinned to, the same collector. */
    private static List<String> java(Class<?> main, Options options) {
        return java(Path.of(System.getProperty("java.home")), main, options);
    }

    private static List<String> java(Path home, Class<?> main, Options options) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(options.serverJvm());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
