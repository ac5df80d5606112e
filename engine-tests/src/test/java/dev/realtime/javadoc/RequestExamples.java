package dev.realtime.javadoc;

import dev.realtime.Request;

/** What the Javadoc of {@link Request} shows. */
final class RequestExamples {
    record Buy(String item, int count) {}

    record Bought(int left, long coins) {}

    // socket.emit("shop:buy", {item: "rope", count: 2}, bought => …)
    static final Request<Buy, Bought> BUY = Request.of("shop:buy", Buy.class, Bought.class);

    // …, (left, coins) => …)
    static final Request<Buy, Bought> BUY_2 = BUY.replyArguments();

    // …, (error, bought) => …)
    static final Request<Buy, Bought> BUY_3 = BUY.errorFirst();

    private RequestExamples() {}
}
