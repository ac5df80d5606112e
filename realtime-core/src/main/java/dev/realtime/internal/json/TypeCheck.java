package dev.realtime.internal.json;

import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.ser.impl.UnknownSerializer;
import com.fasterxml.jackson.databind.ser.impl.UnsupportedTypeSerializer;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says before the first payload whether Jackson can read or write a type, looking into everything that it holds. */
final class TypeCheck {
    private static final String NOTHING_READ =
            " has nothing to read: it is no record, and no setter, getter, constructor or public field tells of a property";
    private static final String NOTHING_WRITTEN =
            " has nothing to write: it is no record, and no getter or public field tells of a property";

    private TypeCheck() {}

    /** A class of the JDK that Jackson knows nothing of would be taken apart by its getters, such as a thread. */
    private static void checkOwn(ObjectMapper mapper, JavaType type) throws Unfit {
        Class<?> raw = type.getRawClass();
        if ("java.base".equals(raw.getModule().getName()) && mapper.findMixInClassFor(raw) == null) {
            throw new Unfit(type.toCanonical() + " is a class of the JDK that is no value");
        }
    }

    private static boolean isRecord(JavaType type) {
        return type.getRawClass().isRecord();
    }

    /** Whether everything that a client could send would be passed over. */
    private static boolean isEmpty(ObjectMapper mapper, BeanDeserializerBase bean, JavaType type) {
        ValueInstantiator maker = bean.getValueInstantiator();
        return !isRecord(type)
                && !bean.properties().hasNext()
                && !bean.creatorProperties().hasNext()
                && maker.canCreateUsingDefault()
                && !maker.canCreateUsingDelegate()
                && !maker.canCreateUsingArrayDelegate()
                && !maker.canCreateFromString()
                && !maker.canCreateFromInt()
                && !maker.canCreateFromLong()
                && !maker.canCreateFromDouble()
                && !maker.canCreateFromBoolean()
                && mapper.getDeserializationConfig().introspect(type).findAnySetterAccessor() == null;
    }

    /** @throws IllegalArgumentException naming the type and what is wrong with it */
    static void readable(ObjectMapper mapper, Type type) {
        JavaType root = mapper.constructType(type);
        try {
            DefaultDeserializationContext context = ((DefaultDeserializationContext) mapper.getDeserializationContext())
                    .createDummyInstance(mapper.getDeserializationConfig());
            read(
                    mapper,
                    context.findRootValueDeserializer(root),
                    root,
                    Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (JsonMappingException e) {
            throw unfit("read", type, e.getOriginalMessage());
        } catch (Unfit e) {
            throw unfit("read", type, e.getMessage());
        }
    }

    private static void read(ObjectMapper mapper, @Nullable JsonDeserializer<?> reader, JavaType type, Set<Object> seen)
            throws Unfit {
        if (reader == null || !seen.add(reader)) {
            return;
        }
        if (reader instanceof AbstractDeserializer) {
            throw new Unfit(type.toCanonical() + " is abstract, and nothing says which class stands for it");
        }
        if (reader instanceof UnsupportedTypeDeserializer) {
            throw new Unfit(type.toCanonical() + " needs a Jackson module");
        }
        if (reader instanceof BeanDeserializerBase bean) {
            checkOwn(mapper, type);
            if (isEmpty(mapper, bean, type)) {
                throw new Unfit(type.toCanonical() + NOTHING_READ);
            }
            if (!bean.getValueInstantiator().canInstantiate()) {
                throw new Unfit(type.toCanonical() + " has no constructor that Jackson could use");
            }
            Iterator<SettableBeanProperty> properties = bean.properties();
            while (properties.hasNext()) {
                read(mapper, properties.next(), seen);
            }
            Iterator<SettableBeanProperty> components = bean.creatorProperties();
            while (components.hasNext()) {
                read(mapper, components.next(), seen);
            }
        }
        JavaType content = type.getContentType();
        if (content != null && content.getTypeHandler() == null) {
            read(mapper, reader.getDelegatee() == null ? contentReader(reader) : reader.getDelegatee(), content, seen);
        }
    }

    private static void read(ObjectMapper mapper, SettableBeanProperty property, Set<Object> seen) throws Unfit {
        if (!property.hasValueTypeDeserializer()) {
            read(mapper, property.getValueDeserializer(), property.getType(), seen);
        }
    }

    private static @Nullable JsonDeserializer<?> contentReader(JsonDeserializer<?> reader) {
        return reader instanceof com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase<?> container
                ? container.getContentDeserializer()
                : null;
    }

    /** @throws IllegalArgumentException naming the type and what is wrong with it */
    static void writable(ObjectMapper mapper, Type type) {
        JavaType root = mapper.constructType(type);
        try {
            write(mapper, mapper.getSerializerProviderInstance(), root, null, new HashSet<>());
        } catch (JsonMappingException e) {
            throw unfit("write", type, e.getOriginalMessage());
        } catch (Unfit e) {
            throw unfit("write", type, e.getMessage());
        }
    }

    private static void write(
            ObjectMapper mapper,
            SerializerProvider provider,
            JavaType type,
            @Nullable BeanProperty of,
            Set<JavaType> seen)
            throws JsonMappingException, Unfit {
        if (!seen.add(type)) {
            return;
        }
        JsonSerializer<?> writer = provider.findValueSerializer(type, of);
        if (writer instanceof UnsupportedTypeSerializer) {
            throw new Unfit(type.toCanonical() + " needs a Jackson module");
        }
        if (writer instanceof UnknownSerializer && type.isConcrete() && !type.isJavaLangObject() && !isRecord(type)) {
            throw new Unfit(type.toCanonical() + NOTHING_WRITTEN);
        }
        if (writer instanceof BeanSerializerBase) {
            checkOwn(mapper, type);
            Iterator<PropertyWriter> properties = writer.properties();
            while (properties.hasNext()) {
                PropertyWriter property = properties.next();
                write(mapper, provider, property.getType(), property, seen);
            }
        }
        JavaType content = type.getContentType();
        if (content != null) {
            write(mapper, provider, content, of, seen);
        }
    }

    private static IllegalArgumentException unfit(String verb, Type type, @Nullable String why) {
        return new IllegalArgumentException("the codec cannot " + verb + " " + type.getTypeName() + ": " + why);
    }

    /** What makes a type unusable. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why);
        }
    }
}
