package dev.realtime.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Realtime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CookieTest {

    @Test
    void sameSiteNoneNeedsSecureInWhateverOrderTheyAreGiven() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Realtime.builder().cookie(Cookie.DEFAULT.sameSite(SameSite.NONE)))
                .withMessageContaining("secure");
        Realtime.builder().cookie(Cookie.DEFAULT.sameSite(SameSite.NONE).secure(true));
    }

    @Test
    void everyValueCanBeChangedAlone() {
        Cookie cookie = Cookie.DEFAULT
                .name("lb")
                .path("/game")
                .httpOnly(false)
                .secure(true)
                .sameSite(SameSite.STRICT)
                .maxAge(Duration.ofHours(1));

        assertThat(cookie)
                .hasToString("Cookie[name=lb, path=/game, httpOnly=false, secure=true, sameSite=STRICT, maxAge=PT1H]");
    }

    @Test
    void whatWouldBreakTheHeaderIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.DEFAULT.name("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.DEFAULT.path("/;Domain=evil.example"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.DEFAULT.maxAge(Duration.ZERO));
    }
}
