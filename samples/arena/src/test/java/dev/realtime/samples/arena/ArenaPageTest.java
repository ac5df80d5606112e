package dev.realtime.samples.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and the program together, in a real browser with two tabs. Leaves screenshots in {@code target/screenshots}. */
class ArenaPageTest {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final String LINES = "[data-testid=chat-log] li.said:not(.pending) .text";

    @TempDir(cleanup = CleanupMode.NEVER) // the browser may still write into it while it ends
    static Path profile;

    private static Browser browser;

    private Arena arena;

    @BeforeAll
    static void startBrowser() throws IOException {
        Optional<Path> chromium = Browser.find();
        Assumptions.assumeTrue(
                chromium.isPresent(),
                "no Chromium on this machine: the page was not tested (Debian: apt-get install chromium)");
        browser = Browser.start(chromium.get(), profile);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() {
        arena = Arena.start(Settings.from(Map.of("PORT", "0")));
    }

    @AfterEach
    void stop() {
        browser.closeTabs();
        arena.close();
    }

    @Test
    void twoPeopleMeetTalkAndOneGetsWhatWasSaidWhileCutOff() {
        Tab ann = enter("Ann");
        Tab bob = enter("Bob");
        ann.until("Ann to see Bob", "arena.others.some((other) => other.name === 'Bob')");
        bob.until("Bob to see Ann", "arena.others.some((other) => other.name === 'Ann')");
        say(ann, "Good evening!");
        hears(bob, "Good evening!");
        assertThat(ann.texts("[data-testid=people-list] .name")).containsExactly("Ann", "Bob");

        bob.click("cut-button");
        bob.until("Bob to be cut off", "document.body.dataset.state === 'away'");
        bob.click("longer-button");
        say(ann, "Where did you go?");
        say(ann, "The lamp is lit.");
        say(ann, "There you are.");
        assertThat(bob.value("document.body.dataset.state").asText()).isEqualTo("away");
        assertThat(bob.texts(LINES)).containsExactly("Good evening!");
        bob.click("back-button");
        bob.until("Bob's session to be recovered", "arena.lastRecovery && arena.connected && arena.recovered");

        assertThat(bob.value(Tab.element("recovered-banner") + ".dataset.recovered")
                        .asText())
                .isEqualTo("true");
        assertThat(bob.text("recovered-count")).isEqualTo("3");
        assertThat(bob.texts("[data-testid=chat-log] li.missed .text"))
                .containsExactly("Where did you go?", "The lamp is lit.", "There you are.");
        say(bob, "I am back.");
        hears(ann, "I am back.");
        List<String> all =
                List.of("Good evening!", "Where did you go?", "The lamp is lit.", "There you are.", "I am back.");
        assertThat(bob.texts(LINES)).isEqualTo(all);
        assertThat(ann.texts(LINES)).isEqualTo(all);
        ann.until(
                "Ann to use a WebSocket",
                "document.querySelector('[data-testid=transport]').textContent === 'websocket'");
        bob.until(
                "Bob to use a WebSocket",
                "document.querySelector('[data-testid=transport]').textContent === 'websocket'");
        bob.screenshot(SHOTS.resolve("recovered.png"));
        assertThat(losses(bob)).as("Bob's lost connections").hasSize(1);
        assertThat(losses(ann)).as("Ann's lost connections").isEmpty();
        assertThat(browser.exceptions()).isEmpty();
    }

    @Test
    void whoStaysAwayTooLongReadsThatTheSessionBeginsAnew() {
        try (Arena hasty = Arena.start(Settings.from(Map.of("PORT", "0", "RECOVERY_SECONDS", "1")))) {
            Tab ann = enter("Ann", hasty);
            Tab bob = enter("Bob", hasty);
            ann.until("Ann to see Bob", "arena.others.some((other) => other.name === 'Bob')");
            bob.click("cut-button");
            ann.until("Bob to be gone", "arena.others.length === 0");
            bob.click("back-button");
            bob.until(
                    "Bob to read that the session is new",
                    Tab.element("recovered-banner") + ".dataset.recovered === 'false'");
            ann.until("Ann to see Bob again", "arena.others.some((other) => other.name === 'Bob')");
            say(bob, "I was away too long.");
            hears(ann, "I was away too long.");
            assertThat(browser.exceptions()).isEmpty();
            browser.closeTabs();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 320})
    void aNarrowScreenShowsAllOfThePage(int width) {
        Tab ann = enter("Ann");
        for (String name : List.of("A longer name 16", "Another one", "And a third")) {
            enter(name);
        }
        ann.until("Ann to see the others", "arena.others.length === 3");
        ann.resize(width, 844);
        ann.screenshot(SHOTS.resolve("narrow-" + width + ".png"));
        assertThat(ann.texts("body *:not(.sr, .people li, .people li *, #toasts *, .skip)"))
                .isNotEmpty();
        assertThat(ann.value("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        assertThat(ann.value("Math.max(...['panel', 'cut', 'status', 'chat-form', 'events', 'stage']"
                                + ".map((id) => document.getElementById(id).getBoundingClientRect().right))")
                        .asDouble())
                .isLessThanOrEqualTo(width);
    }

    @Test
    void enterOpensTheChatWhereverOneIsButInAField() {
        Tab ann = enter("Ann");
        ann.value("document.activeElement.blur()");
        ann.pressEnter();
        assertThat(ann.value("document.activeElement.id").asText()).isEqualTo("chat-input");
    }

    @Test
    void theNewestLineStaysInSightWhenTheEventLogOpens() {
        Tab ann = enter("Ann");
        ann.resize(1280, 620);
        for (int i = 1; i <= 4; i++) {
            say(ann, "A line that takes its place, number " + i);
        }
        for (boolean open : new boolean[] {true, false, true}) {
            ann.value("document.getElementById('events').open = " + open);
            ann.until(
                    "the newest line to be in sight",
                    "(() => { const line = [...document.querySelectorAll(" + Tab.quoted(LINES)
                            + ")].at(-1).getBoundingClientRect(), log = document.getElementById('chat-log')"
                            + ".getBoundingClientRect(); return line.bottom <= log.bottom + 1 && line.top >= log.top - 1"
                            + " && log.bottom <= innerHeight; })()");
        }
        assertThat(ann.value("document.getElementById('events').getBoundingClientRect().bottom")
                        .asDouble())
                .isLessThanOrEqualTo(620);
    }

    @Test
    void whoTalksTooFastReadsASentence() {
        Tab ann = enter("Ann");
        for (int i = 1; i <= 5; i++) {
            ann.type("chat-input", "line " + i);
            ann.click("chat-send");
        }
        ann.until("Ann to be told", "document.getElementById('chat-note').textContent");
        assertThat(ann.value("document.getElementById('chat-note').textContent").asText())
                .matches("[^.]+\\. Again in \\d+ s\\.");
    }

    @Test
    void whoClosesTheTabStandsThereWithASign() {
        Tab ann = enter("Ann");
        Tab bob = enter("Bob");
        ann.until("Ann to see Bob", "arena.others.some((other) => other.name === 'Bob')");
        bob.value("location.href = 'about:blank'");
        ann.until(
                "Bob to be away",
                "arena.others.some((other) => other.name === 'Bob' && other.status === 'reconnecting')");
        assertThat(ann.texts("[data-testid=people-list] li[data-status=reconnecting]"))
                .containsExactly("Bobconnection lost");
    }

    @Test
    void whoStepsAwayIsShownAsAwayAndOthersAreCountedElsewhere() {
        Tab ann = enter("Ann");
        Tab bob = enter("Bob");
        ann.until("Ann to see Bob", "arena.others.some((other) => other.name === 'Bob')");
        bob.click("step-away");
        ann.until("Bob to be away", "arena.others.some((other) => other.name === 'Bob' && other.status === 'away')");
        assertThat(ann.texts("[data-testid=people-list] li[data-status=away]")).containsExactly("Bobaway");
        bob.until("Bob to read that he is away", Tab.element("step-away") + ".textContent === 'I am back'");
        ann.screenshot(SHOTS.resolve("away.png"));
        bob.click("step-away");
        ann.until("Bob to be back", "arena.others.some((other) => other.status === 'connected')");

        bob.value("document.getElementById('world').focus()");
        bob.keyDown("d");
        bob.until("Bob to be in the market", "arena.zone === 'market'");
        bob.keyUp("d");
        ann.until("Ann to see Bob gone", "arena.others.length === 0");
        assertThat(ann.text("elsewhere")).startsWith("Market Square 1 · ");
        assertThat(browser.exceptions()).isEmpty();
    }

    @Test
    void aPlayerWhoOpensASecondWindowPlaysThereAndTheFirstSaysSo() {
        Tab ann = enter("Ann");
        Tab bob = enter("Bob");
        Tab again = browser.open(arena.address());
        again.until("the page", Tab.element("name-input") + " && globalThis.arena && globalThis.io");
        String login = bob.value("sessionStorage.getItem('arena:login')").asText();
        again.value("sessionStorage.setItem('arena:login', " + Tab.quoted(login) + ")");
        join("Bob", again);
        bob.until("the first window to end", "document.body.dataset.state === 'refused'");
        assertThat(bob.texts("#toasts [data-kind=ask] span")).containsExactly("You are playing in another window now.");
        assertThat(bob.value("arena.connected").asBoolean()).isFalse();
        say(again, "Here I am.");
        hears(ann, "Here I am.");
        assertThat(ann.texts("[data-testid=people-list] .name")).containsExactly("Ann", "Bob");

        bob.value("document.querySelector('#toasts [data-kind=ask] button').click()");
        bob.until("Bob to play in the first window", "arena.connected && arena.zone === 'tavern'");
        again.until("the second window to end", "document.body.dataset.state === 'refused'");
        say(bob, "And here again.");
        hears(ann, "And here again.");
        assertThat(browser.exceptions()).isEmpty();
    }

    @Test
    void twoPlayPebblesAndAMoveMadeWhileCutOffHolds() {
        Tab ann = enter("Ann");
        ann.click("sit");
        Tab bob = enter("Bob");
        ann.value("document.getElementById('corner').open = true");
        reads(bob, "Ann waits for somebody to play with.");
        bob.click("sit");
        reads(ann, "Ann and Bob begin in a moment.");
        reads(bob, "Ann takes one to three of 12.");
        ann.click("take-3");
        reads(bob, "Bob takes one to three of 9.");
        ann.screenshot(SHOTS.resolve("table.png"));
        bob.click("cut-button");
        bob.until("Bob to be cut off", "document.body.dataset.state === 'away'");
        bob.click("longer-button");
        bob.click("take-2");
        reads(bob, "Ann takes one to three of 7. (told when you are back)");
        assertThat(ann.text("table-text")).isEqualTo("Bob takes one to three of 9.");
        bob.click("back-button");
        reads(ann, "Ann takes one to three of 7.");
        reads(bob, "Ann takes one to three of 7.");
        assertThat(browser.exceptions()).isEmpty();
    }

    @Test
    void aLetterWaitsForWhoHasLeft() {
        Tab ann = enter("Ann");
        Tab bob = enter("Bob");
        ann.until("Ann to have met Bob", Tab.element("letter-to") + ".options.length === 1");
        bob.value("location.reload()");
        ann.until("Bob to be away", "arena.others.some((other) => other.status === 'reconnecting')");
        ann.value("document.getElementById('corner').open = true");
        ann.type("letter-text", "Meet me at the harbour.");
        assertThat(ann.value(Tab.element("letter-text") + ".value").asText()).isEqualTo("Meet me at the harbour.");
        ann.click("letter-send");
        ann.until("the letter to be kept", Tab.element("letter-text") + ".value === ''");
        bob.until("the page", Tab.element("name-input") + " && globalThis.arena && globalThis.io");
        assertThat(bob.texts("[data-testid=letters] li")).isEmpty();
        join("Bob", bob);
        bob.until("the letter to come", Tab.element("letters") + ".children.length === 1");
        assertThat(bob.texts("[data-testid=letters] li")).containsExactly("Ann: Meet me at the harbour.");
        ann.until("Bob to be back", "arena.others.every((other) => other.status === 'connected')");
        ann.type("letter-text", "Are you coming?");
        ann.click("letter-send");
        bob.until("the next letter to come at once", Tab.element("letters") + ".children.length === 2");
        assertThat(bob.texts("[data-testid=letters] li")).first().isEqualTo("Ann: Are you coming?");
        bob.value("document.getElementById('corner').open = true");
        bob.screenshot(SHOTS.resolve("letter.png"));
        assertThat(browser.exceptions()).isEmpty();
    }

    private static void reads(Tab tab, String text) {
        tab.until("'" + text + "' at the table", Tab.element("table-text") + ".textContent === " + Tab.quoted(text));
    }

    @Test
    void whoHasNotEnteredYetSeesTheWorldAndEntersOnTheSameSession() {
        Tab ann = enter("Ann");
        Tab bob = browser.open(arena.address());
        bob.until("Bob to watch", "arena.connected && arena.others.some((other) => other.name === 'Ann')");
        assertThat(bob.value("arena.zone").isNull()).isTrue();
        assertThat(ann.texts("[data-testid=people-list] .name")).containsExactly("Ann");
        String session = bob.text("session");
        bob.screenshot(SHOTS.resolve("watching.png"));
        join("Bob", bob);
        assertThat(bob.text("session")).isEqualTo(session);
        ann.until("Ann to see Bob", "arena.others.some((other) => other.name === 'Bob')");
        assertThat(browser.exceptions()).isEmpty();
    }

    @Test
    void walkingOverABorderEntersTheNextZone() {
        Tab cara = enter("Cara");
        Tab dan = enter("Dan");
        cara.until("Cara to see Dan", "arena.others.some((other) => other.name === 'Dan')");
        double before = cara.value("arena.player.x").asDouble();
        cara.value("document.getElementById('world').focus()");
        cara.keyDown("d");
        dan.until(
                "Dan to see Cara walk",
                "arena.others.some((other) => other.name === 'Cara' && other.x > " + (before + 40) + ")");
        cara.until("Cara to be in the market", "arena.zone === 'market'");
        cara.keyUp("d");
        assertThat(cara.text("zone-title")).isEqualTo("Market Square");
        dan.until("Dan to see Cara gone", "!arena.others.some((other) => other.name === 'Cara')");
        say(dan, "Only the tavern hears this.");
        say(cara, "Apples!");
        assertThat(cara.texts(LINES)).contains("Apples!").doesNotContain("Only the tavern hears this.");
        cara.until(
                "Cara to use a WebSocket",
                "document.querySelector('[data-testid=transport]').textContent === 'websocket'");
        cara.screenshot(SHOTS.resolve("market.png"));
        assertThat(losses(cara)).as("Cara's lost connections").isEmpty();
        assertThat(browser.exceptions()).isEmpty();
    }

    @Test
    void twoPeopleAtTwoNodesMeetAndThePageSaysWhichNodeItIsOn(@TempDir Path directory) throws Exception {
        Optional<RealRedis> started = RealRedis.start(directory);
        Assumptions.assumeTrue(started.isPresent(), "no redis-server for this machine: two nodes were not tested");
        try (RealRedis redis = started.get();
                Arena north = node("north", redis);
                Arena south = node("south", redis)) {
            Tab ann = enter("Ann", north);
            Tab bob = enter("Bob", south);
            ann.until("Ann to see Bob", "arena.others.some((other) => other.name === 'Bob')");
            bob.until("Bob to see Ann", "arena.others.some((other) => other.name === 'Ann')");
            assertThat(ann.text("node")).isEqualTo("north");
            assertThat(bob.text("node")).isEqualTo("south");
            say(ann, "Greetings from the north.");
            hears(bob, "Greetings from the north.");
            bob.click("cut-button");
            bob.until("Bob to be cut off", "document.body.dataset.state === 'away'");
            say(ann, "Can you hear me?");
            bob.click("back-button");
            bob.until("Bob's session to be recovered", "arena.lastRecovery && arena.connected && arena.recovered");
            assertThat(bob.texts("[data-testid=chat-log] li.missed .text")).containsExactly("Can you hear me?");
            say(bob, "Loud and clear.");
            hears(ann, "Loud and clear.");
            bob.screenshot(SHOTS.resolve("nodes.png"));
            assertThat(browser.exceptions()).isEmpty();
            browser.closeTabs();
        }
    }

    private static Arena node(String name, RealRedis redis) {
        return Arena.start(
                Settings.from(Map.of("PORT", "0", "NODE", name, "REDIS_URL", redis.url(), "DRAIN_SECONDS", "0")));
    }

    private Tab enter(String name) {
        return enter(name, arena);
    }

    private static Tab enter(String name, Arena arena) {
        Tab tab = browser.open(arena.address());
        tab.until("the page", Tab.element("name-input") + " && globalThis.arena && globalThis.io");
        join(name, tab);
        return tab;
    }

    private static void join(String name, Tab tab) {
        tab.type("name-input", name);
        tab.click("enter-button");
        tab.until(name + " to be in the tavern", "arena.connected && arena.zone === 'tavern'");
    }

    private static void say(Tab tab, String text) {
        tab.type("chat-input", text);
        tab.click("chat-send");
        hears(tab, text);
    }

    private static List<String> losses(Tab tab) {
        return tab.texts("[data-testid=event-log] li[data-kind=cut]").stream()
                .filter(line -> line.contains("connection lost"))
                .toList();
    }

    private static void hears(Tab tab, String text) {
        tab.until(
                "'" + text + "' to be heard",
                "[...document.querySelectorAll(" + Tab.quoted(LINES) + ")].some((line) => line.textContent === "
                        + Tab.quoted(text) + ")");
    }
}
