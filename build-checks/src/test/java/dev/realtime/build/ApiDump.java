package dev.realtime.build;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public and protected signatures of a module, without its internal packages, as text that does not depend on the machine. */
final class ApiDump {
    private static final Pattern PACKAGE_NAME = Pattern.compile("\\b(?:[a-z_][a-z0-9_]*\\.)+(?=[A-Z])");

    private final Map<String, Class<?>> types = new TreeMap<>();

    private ApiDump(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (name.endsWith(".class") && !name.contains("internal/") && !name.contains("-info")) {
                    add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
    }

    /** The module of this type: a folder of classes, or a jar. */
    static List<String> of(Class<?> anchor) throws IOException, URISyntaxException {
        URI location =
                anchor.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path path = Path.of(location);
        if (Files.isDirectory(path)) {
            return new ApiDump(path).lines();
        }
        try (FileSystem jar = FileSystems.newFileSystem(path)) {
            return new ApiDump(jar.getPath("/")).lines();
        }
    }

    private void add(String name) {
        try {
            Class<?> type = Class.forName(name, false, ApiDump.class.getClassLoader());
            if (isVisible(type)) {
                types.put(name, type);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic() || !isVisible(type.getModifiers())) {
            return false;
        }
        Class<?> outer = type.getDeclaringClass();
        return outer == null || isVisible(outer);
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        types.values().forEach(type -> {
            lines.add(header(type));
            members(type).forEach(member -> lines.add("    " + member));
            lines.add("");
        });
        return lines;
    }

    private static String header(Class<?> type) {
        StringBuilder header = new StringBuilder(type.toGenericString().replace('$', '.'));
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class && !type.isEnum() && !type.isRecord()) {
            header.append(" extends ").append(shortened(parent.getTypeName()));
        }
        Type[] interfaces = type.getGenericInterfaces();
        if (interfaces.length > 0) {
            header.append(type.isInterface() ? " extends " : " implements ")
                    .append(Arrays.stream(interfaces)
                            .map(each -> shortened(each.getTypeName()))
                            .collect(Collectors.joining(", ")));
        }
        return header.append(deprecation(type)).toString();
    }

    /** Fields, constructors, methods, each by name. */
    private static List<String> members(Class<?> type) {
        TreeMap<String, String> members = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
                members.put(
                        "1" + field.getName(),
                        (field.isEnumConstant()
                                        ? ""
                                        : modifiers(type, field) + shortened(field.getAnnotatedType()) + " ")
                                + field.getName()
                                + deprecation(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
                String signature = signature(constructor);
                members.put("2" + signature, modifiers(type, constructor) + type.getSimpleName() + signature);
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean ofEveryEnum = type.isEnum() && List.of("values", "valueOf").contains(method.getName());
            if (isVisible(method.getModifiers()) && !method.isSynthetic() && !ofEveryEnum) {
                String signature = signature(method);
                members.put(
                        "3" + method.getName() + signature,
                        modifiers(type, method)
                                + (method.isDefault() ? "default " : "")
                                + typeParameters(method.getTypeParameters())
                                + shortened(method.getAnnotatedReturnType())
                                + " "
                                + method.getName()
                                + signature);
            }
        }
        return List.copyOf(members.values());
    }

    private static String modifiers(Class<?> type, Member member) {
        int kept = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;
        int implied = type.isInterface() ? Modifier.PUBLIC | Modifier.ABSTRACT : 0;
        String text = Modifier.toString(member.getModifiers() & kept & ~implied);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String typeParameters(TypeVariable<?>[] variables) {
        if (variables.length == 0) {
            return "";
        }
        return Arrays.stream(variables).map(ApiDump::bounded).collect(Collectors.joining(", ", "<", "> "));
    }

    private static String bounded(TypeVariable<?> variable) {
        String bounds = Arrays.stream(variable.getAnnotatedBounds())
                .map(ApiDump::shortened)
                .filter(bound -> !bound.equals("Object"))
                .collect(Collectors.joining(" & "));
        return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
    }

    private static String signature(Executable executable) {
        String parameters = Arrays.stream(executable.getParameters())
                .map(ApiDump::parameter)
                .collect(Collectors.joining(", ", "(", ")"));
        Type[] exceptions = executable.getGenericExceptionTypes();
        String thrown = exceptions.length == 0
                ? ""
                : Arrays.stream(exceptions)
                        .map(each -> shortened(each.getTypeName()))
                        .collect(Collectors.joining(", ", " throws ", ""));
        return parameters + thrown + deprecation(executable);
    }

    private static String parameter(Parameter parameter) {
        String type = shortened(parameter.getAnnotatedType());
        return parameter.isVarArgs() ? type.substring(0, type.length() - "[]".length()) + "..." : type;
    }

    private static String deprecation(AnnotatedElement element) {
        return element.isAnnotationPresent(Deprecated.class) ? " // deprecated" : "";
    }

    private static String shortened(AnnotatedType type) {
        return shortened(type.toString().replace("@org.jspecify.annotations.Nullable()", "@Nullable"));
    }

    private static String shortened(String type) {
        return PACKAGE_NAME.matcher(type.replace('$', '.')).replaceAll("");
    }
}
