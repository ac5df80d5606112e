package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Realtime;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TyrusModulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"org.glassfish.tyrus.", "org.glassfish.grizzly.", "jakarta.websocket."})
    void withoutTyrusTheServerSaysWhatIsMissing(String missing) throws Exception {
        try (Without loader = new Without(missing)) {
            Class<?> realtime = loader.loadClass(Realtime.class.getName());
            Method start = loader.loadClass(StandaloneServer.class.getName()).getMethod("start", realtime, int.class);
            Object builder = realtime.getMethod("builder").invoke(null);
            try (AutoCloseable engine =
                    (AutoCloseable) builder.getClass().getMethod("build").invoke(builder)) {
                assertThatThrownBy(() -> start.invoke(null, engine, 0))
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("org.glassfish.tyrus:tyrus-server:" + TyrusModules.VERSION)
                        .hasMessageContaining(
                                "org.glassfish.tyrus:tyrus-container-grizzly-server:" + TyrusModules.VERSION);
            }
        }
    }

    @Test
    void theVersionIsTheOneThatIsTested() throws IOException {
        assertThat(Files.readString(Path.of("../pom.xml")))
                .contains("<tyrus.version>" + TyrusModules.VERSION + "</tyrus.version>");
    }

    /** The class path of this test without what begins with these words. */
    private static final class Without extends URLClassLoader {
        private final String missing;

        Without(String missing) throws MalformedURLException {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.missing = missing;
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(missing)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}
