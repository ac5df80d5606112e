package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.ALLOWED_ORIGIN;
import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The official JavaScript client, under the path that pages written for Node.js load it from. */
abstract class ClientBundleRules extends TransportContract.Rules {
    @Test
    void clientIsServedInEveryForm() throws Exception {
        for (String name : new String[] {"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js"}) {
            HttpResponse<String> script = get(OPEN, name);
            assertThat(script.statusCode()).as(name).isEqualTo(200);
            assertThat(script.headers().firstValue("content-type").orElse(""))
                    .startsWith("application/javascript")
                    .containsIgnoringCase("charset=utf-8");
            assertThat(script.headers().firstValue("cache-control")).contains("public, max-age=0");
            assertThat(script.body()).contains("Socket.IO v4.8.4");
            HttpResponse<String> map = get(OPEN, name + ".map");
            assertThat(map.headers().firstValue("content-type").orElse("")).startsWith("application/json");
            assertThat(map.body()).startsWith("{\"version\":3");
        }
    }

    @Test
    void clientThatIsKnownIsNotSentAgain() throws Exception {
        String tag = get(OPEN, "socket.io.js").headers().firstValue("etag").orElseThrow();
        for (String known : new String[] {tag, "W/" + tag}) {
            HttpResponse<String> again = get(OPEN, "socket.io.js", "If-None-Match", known);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void allowedPageMayImportTheClientAsAModule() throws Exception {
        HttpResponse<String> module = get(GUARDED, "socket.io.esm.min.js", "Origin", ALLOWED_ORIGIN);
        assertThat(module.headers().firstValue("access-control-allow-origin")).contains(ALLOWED_ORIGIN);
    }

    @Test
    void nothingElseIsServedThere() throws Exception {
        for (String name : new String[] {"socket.io.ts", "LICENSE", "../EngineDoors.class", "x/socket.io.js"}) {
            assertThat(get(OPEN, name).statusCode()).as(name).isIn(400, 404);
        }
    }

    private HttpResponse<String> get(ServerVariant variant, String name, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server(variant).resolve("/socket.io/" + name))
                .timeout(Patience.LIMIT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
