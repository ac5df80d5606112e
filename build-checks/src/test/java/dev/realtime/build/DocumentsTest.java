package dev.realtime.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Links in the documents lead somewhere, and the tests that they name are there. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", ".git", ".idea");
    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);
    private static final Pattern CODE_IN_TEXT = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Rules|IT|Contract))[.`#]");

    private static final List<Path> DOCUMENTS = new ArrayList<>();
    private static final Set<String> TYPES = new HashSet<>();

    @BeforeAll
    static void walk() throws IOException {
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return LEFT_OUT.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".md")) {
                    DOCUMENTS.add(file);
                } else if (name.endsWith(".java")) {
                    TYPES.add(name.substring(0, name.length() - ".java".length()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void eachLinkLeadsSomewhere() throws IOException {
        assertThat(DOCUMENTS).hasSizeGreaterThan(30);
        Set<String> broken = new TreeSet<>();
        for (Path document : DOCUMENTS) {
            String text = CODE_IN_TEXT.matcher(text(document)).replaceAll("x");
            Matcher links = LINK.matcher(text);
            while (links.find()) {
                String link = links.group(1);
                if (!link.contains("://") && !leads(document, link)) {
                    broken.add(ROOT.relativize(document) + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leads(Path document, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0 || !target.toString().endsWith(".md") || anchors(target).contains(link.substring(hash + 1));
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher headings = HEADING.matcher(text(document));
        while (headings.find()) {
            anchors.add(headings.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    private static String text(Path document) throws IOException {
        return CODE.matcher(Files.readString(document)).replaceAll("");
    }

    @Test
    void eachTestThatIsNamedIsThere() throws IOException {
        Set<String> gone = new TreeSet<>();
        int named = 0;
        for (Path document : DOCUMENTS) {
            Matcher tests = TEST.matcher(text(document));
            while (tests.find()) {
                named++;
                if (!TYPES.contains(tests.group(1))) {
                    gone.add(ROOT.relativize(document) + ": " + tests.group(1));
                }
            }
        }
        assertThat(named).isGreaterThan(100);
        assertThat(gone).isEmpty();
    }
}
