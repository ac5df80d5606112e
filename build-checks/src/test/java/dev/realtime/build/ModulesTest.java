package dev.realtime.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published has names for the module path, and a place in the bill of materials. */
class ModulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"core", "testkit", "standalone", "jakarta", "micrometer"})
    void aModuleExportsEverythingButItsInternals(String name) {
        Path classes = Path.of("../realtime-" + name + "/target/classes");
        ModuleReference module = ModuleFinder.of(classes).findAll().iterator().next();
        ModuleDescriptor descriptor = module.descriptor();
        assertThat(descriptor.name()).isEqualTo("dev.realtime." + name);
        Set<String> exported = descriptor.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> open = new TreeSet<>(descriptor.packages());
        open.removeIf(each -> each.contains(".internal"));
        assertThat(exported).isEqualTo(open);
    }

    @Test
    void theBillOfMaterialsHasWhatIsPublished() throws IOException {
        List<String> listed = Pattern.compile("<artifactId>(realtime-[a-z]+)</artifactId>")
                .matcher(Files.readString(Path.of("../realtime-bom/pom.xml")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .filter(name -> !name.equals("realtime-bom"))
                .toList();
        List<String> published = Pattern.compile("<module>(realtime-[a-z]+)</module>")
                .matcher(Files.readString(Path.of("../pom.xml")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .filter(name -> !name.equals("realtime-bom"))
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void theBillOfMaterialsHasTheVersionOfTheLibrary() throws IOException {
        Pattern version = Pattern.compile("<version>([^<]+)</version>");
        assertThat(first(version, Path.of("../realtime-bom/pom.xml"))).isEqualTo(first(version, Path.of("../pom.xml")));
    }

    private static String first(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow();
    }
}
