package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A name says one thing in the whole library, so that it can be searched for and talked about. */
class SimpleNamesTest {
    private static final Path LIBRARY = Path.of("..");

    @Test
    void noTwoTypesOfTheLibraryShareASimpleName() throws IOException {
        Map<String, Set<String>> places = new HashMap<>();
        try (Stream<Path> modules = Files.list(LIBRARY)) {
            for (Path module : modules.filter(
                            one -> one.getFileName().toString().startsWith("realtime-"))
                    .toList()) {
                for (Path type : types(module.resolve("src/main/java"))) {
                    places.computeIfAbsent(type.getFileName().toString(), name -> new TreeSet<>())
                            .add(LIBRARY.relativize(type).toString());
                }
            }
        }
        assertThat(places).as("types that were found").hasSizeGreaterThan(300);
        Map<String, Set<String>> twice = places.entrySet().stream()
                .filter(place -> place.getValue().size() > 1)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
        assertThat(twice).isEmpty();
    }

    private static List<Path> types(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(source)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !Set.of("package-info.java", "module-info.java")
                            .contains(file.getFileName().toString()))
                    .toList();
        }
    }
}
