package dev.realtime.standalone;

/** The libraries that only the standalone server needs, so that an application that uses it adds them. */
final class TyrusModules {
    static final String VERSION = "2.2.2";

    private static final String[] CLASSES = {
        "jakarta.websocket.DeploymentException",
        "org.glassfish.tyrus.server.TyrusServerContainer",
        "org.glassfish.grizzly.nio.transport.TCPNIOTransport",
    };

    private TyrusModules() {}

    /** @throws IllegalStateException naming what to add */
    static void require() {
        for (String name : CLASSES) {
            try {
                Class.forName(name, false, TyrusModules.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "the standalone server needs Tyrus on the class path, but there is no " + name
                                + ": add org.glassfish.tyrus:tyrus-server:" + VERSION
                                + " and org.glassfish.tyrus:tyrus-container-grizzly-server:" + VERSION,
                        e);
            }
        }
    }
}
