package dev.realtime.testkit;

import java.util.function.Consumer;

/** Where a client gets in: the one node of a {@link TestRealtime}, or one of a {@link TestCluster}'s. */
interface Entrance {
    /** Where the next connection goes. */
    InMemoryTransport transport();

    /** Where the next request goes where nothing keeps a client on one node. */
    InMemoryTransport roaming();

    VirtualTime time();

    /** How many nodes there are to choose from. */
    int nodes();

    /** The next connection goes to this node. */
    void choose(int node);

    /** The next connection goes to another node, if there is one. */
    void chooseAnother();

    /** A number from 0 up to but not including 1; the same ones in every run. */
    double jitter();

    /** A client uses this entrance. */
    void entered(TestClient client);

    /** Of a single node. */
    record Only(InMemoryTransport transport, Consumer<TestClient> clients) implements Entrance {
        @Override
        public InMemoryTransport roaming() {
            return transport;
        }

        @Override
        public VirtualTime time() {
            return transport.time();
        }

        @Override
        public int nodes() {
            return 1;
        }

        @Override
        public void choose(int node) {
            if (node != 0) {
                throw new IllegalArgumentException("there is one node, 0, but not " + node);
            }
        }

        @Override
        public void chooseAnother() {}

        @Override
        public double jitter() {
            return 0.5;
        }

        @Override
        public void entered(TestClient client) {
            clients.accept(client);
        }
    }
}
