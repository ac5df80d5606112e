package dev.realtime.testkit;

import java.util.List;

/** Says why a test waits in vain. */
final class Unfinished {
    private Unfinished() {}

    /** What is waited for has not come, after all of this: who is missing, and what a test can do. */
    static AssertionError after(String what, List<TestClient> clients) {
        StringBuilder text = new StringBuilder("the stage is not complete after ")
                .append(what)
                .append(". If it waits for time to pass, advance the clock: advance(Duration)");
        StringBuilder missing = new StringBuilder();
        clients.forEach(client -> missing.append(client.unanswered()));
        if (!missing.isEmpty()) {
            text.append(". If it waits for an answer, let the client give one: client.answer(request, …)")
                    .append(missing);
        }
        return new AssertionError(text.toString());
    }
}
