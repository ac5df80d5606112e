package dev.realtime.simulation;

import dev.realtime.Realtime;
import dev.realtime.testkit.simulation.SeedResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The engine, the testkit and the library's scenario loaded once more, with one class of the engine compiled from a mutant's source. In memory only. */
final class MutatedEngine extends URLClassLoader {
    private final String simulated;
    private final Map<String, byte[]> mutated;

    private MutatedEngine(URL[] urls, String simulated, Map<String, byte[]> mutated) {
        super(urls, MutatedEngine.class.getClassLoader());
        this.simulated = simulated;
        this.mutated = mutated;
    }

    static MutatedEngine of(Mutant mutant) throws IOException {
        URL core = Realtime.class.getProtectionDomain().getCodeSource().getLocation();
        URL testkit = SeedResult.class.getProtectionDomain().getCodeSource().getLocation();
        URL scenarios = Simulated.class.getProtectionDomain().getCodeSource().getLocation();
        return new MutatedEngine(
                new URL[] {core, testkit, scenarios},
                Objects.requireNonNull(mutant.under()).name(),
                compile(mutant, core));
    }

    /** Runs a seed; says what went wrong. */
    List<String> violations(long seed) throws ReflectiveOperationException {
        MethodHandle run = MethodHandles.publicLookup()
                .findStatic(
                        loadClass(Simulated.class.getName()),
                        "run",
                        MethodType.methodType(loadClass(SeedResult.class.getName()), String.class, long.class));
        Object result;
        try {
            result = run.invoke(simulated, seed);
        } catch (Throwable e) {
            return List.of("threw " + e);
        }
        List<?> violations = (List<?>) result.getClass().getMethod("violations").invoke(result);
        return violations.stream().map(String::valueOf).toList();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.realtime.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = mutated.get(name);
            return bytes == null ? findClass(name) : defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static Map<String, byte[]> compile(Mutant mutant, URL core) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        Map<String, byte[]> classes = new HashMap<>();
        String path = core.getPath()
                + System.getProperty("path.separator")
                + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                JavaFileManager memory = new InMemory(files, classes)) {
            boolean compiled = compiler.getTask(
                            complaints,
                            memory,
                            null,
                            List.of("-proc:none", "-nowarn", "-parameters", "-implicit:none", "-cp", path),
                            null,
                            List.of(new Source(mutant)))
                    .call();
            if (!compiled) {
                throw new AssertionError("the mutant does not compile: " + complaints);
            }
        }
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final Mutant mutant;

        Source(Mutant mutant) {
            super(URI.create("memory:///" + mutant.path().getFileName()), Kind.SOURCE);
            this.mutant = mutant;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return mutant.source();
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, byte[]> classes;

        InMemory(StandardJavaFileManager files, Map<String, byte[]> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(name, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
