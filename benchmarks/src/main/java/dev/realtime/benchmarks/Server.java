package dev.realtime.benchmarks;

import dev.realtime.benchmarks.containers.ContainerServer;
import dev.realtime.benchmarks.peers.NettySocketIoPeer;
import dev.realtime.benchmarks.peers.RawNettyPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server to measure: its name in the report and the command that starts it, {@code --port N} to be appended. */
record Server(String name, List<String> command) {
    static final List<String> NAMES = List.of("node", "netty-socketio", "netty-socketio-epoll", "realtime");

    /** Only when named. */
    static final List<String> MORE_NAMES = List.of(
            "node-cluster-engine",
            "realtime-direct",
            "realtime-25",
            "realtime-policies",
            "realtime-principals",
            "realtime-rules",
            "realtime-limits",
            "realtime-login",
            "realtime-presence",
            "realtime-presence-rooms",
            "realtime-warmed",
            "realtime-once",
            "realtime-schedule",
            "realtime-state",
            "realtime-batches",
            "realtime-mail",
            "realtime-metrics",
            "raw-netty",
            "raw-netty-consolidated",
            "tomcat",
            "jetty",
            "undertow",
            "tomcat-raw",
            "jetty-raw",
            "undertow-raw");

    private static final String RAW = "-raw";

    static Server named(String name, Options options) {
        return new Server(
                name,
                switch (name) {
                    case "node" -> node(options);
                    case "node-cluster-engine" -> node(options, "--cluster-engine");
                    case "netty-socketio" -> java(options, NettySocketIoPeer.class);
                    case "netty-socketio-epoll" -> java(options, NettySocketIoPeer.class, "--epoll");
                    case "raw-netty" -> java(options, RawNettyPeer.class);
                    case "raw-netty-consolidated" -> java(options, RawNettyPeer.class, "--consolidate");
                    case "realtime" -> java(options, RealtimeServer.class);
                    case "realtime-direct" -> java(options, RealtimeServer.class, "--handlers", "direct");
                    case "realtime-warmed" -> java(options, RealtimeServer.class, "--warm-up", "10");
                    case "realtime-metrics" -> java(options, RealtimeServer.class, "--metrics", "on");
                    case "realtime-policies" -> java(options, RealtimeServer.class, "--policies", "all");
                    case "realtime-principals",
                            "realtime-rules",
                            "realtime-limits",
                            "realtime-login",
                            "realtime-presence" ->
                        java(options, RealtimeServer.class, "--policies", name.substring("realtime-".length()));
                    case "realtime-presence-rooms" ->
                        java(options, RealtimeServer.class, "--policies", "presence", "--presence-rooms", "on");
                    case "realtime-mail" ->
                        java(options, RealtimeServer.class, "--feature", "mail", "--policies", "principals");
                    case "realtime-once", "realtime-schedule", "realtime-state", "realtime-batches" ->
                        java(options, RealtimeServer.class, "--feature", name.substring("realtime-".length()));
                    case "realtime-25" -> java(options.java25(), options, RealtimeServer.class);
                    case "tomcat", "jetty", "undertow" -> java(options, ContainerServer.class, "--container", name);
                    case "tomcat-raw", "jetty-raw", "undertow-raw" ->
                        java(options, ContainerServer.class, "--raw", "--container", name.replace(RAW, ""));
                    default ->
                        throw new IllegalArgumentException(
                                "no server is called " + name + "; there are " + NAMES + " and " + MORE_NAMES);
                });
    }

    private static List<String> node(Options options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(
                "node",
                "--expose-gc",
                options.directory().resolve("node/server.js").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** All servers in Java get the same heap and, on the one core they are pinned to, the same collector. */
    private static List<String> java(Options options, Class<?> main, String... arguments) {
        return java(Path.of(System.getProperty("java.home")), options, main, arguments);
    }

    private static List<String> java(Path home, Options options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(options.serverJvm());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
