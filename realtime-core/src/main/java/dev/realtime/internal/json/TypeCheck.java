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
import com.fasterxml.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
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
    private TypeCheck() {}

    /** @throws IllegalArgumentException naming the type and what is wrong with it */
    static void readable(ObjectMapper mapper, Type type) {
        JavaType root = mapper.constructType(type);
        try {
            DefaultDeserializationContext context = ((DefaultDeserializationContext) mapper.getDeserializationContext())
                    .createDummyInstance(mapper.getDeserializationConfig());
            read(context.findRootValueDeserializer(root), root, Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (JsonMappingException e) {
            throw unfit("read", type, e.getOriginalMessage());
        } catch (Unfit e) {
            throw unfit("read", type, e.getMessage());
        }
    }

    private static void read(@Nullable JsonDeserializer<?> reader, JavaType type, Set<Object> seen) throws Unfit {
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
            if (!bean.getValueInstantiator().canInstantiate()) {
                throw new Unfit(type.toCanonical() + " has no constructor that Jackson could use");
            }
            Iterator<SettableBeanProperty> properties = bean.properties();
            while (properties.hasNext()) {
                read(properties.next(), seen);
            }
            Iterator<SettableBeanProperty> components = bean.creatorProperties();
            while (components.hasNext()) {
                read(components.next(), seen);
            }
        }
        JavaType content = type.getContentType();
        if (content != null && content.getTypeHandler() == null) {
            read(reader.getDelegatee() == null ? contentReader(reader) : reader.getDelegatee(), content, seen);
        }
    }

    private static void read(SettableBeanProperty property, Set<Object> seen) throws Unfit {
        if (!property.hasValueTypeDeserializer()) {
            read(property.getValueDeserializer(), property.getType(), seen);
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
            write(mapper.getSerializerProviderInstance(), root, null, new HashSet<>());
        } catch (JsonMappingException e) {
            throw unfit("write", type, e.getOriginalMessage());
        } catch (Unfit e) {
            throw unfit("write", type, e.getMessage());
        }
    }

    private static void write(SerializerProvider provider, JavaType type, @Nullable BeanProperty of, Set<JavaType> seen)
            throws JsonMappingException, Unfit {
        if (!seen.add(type)) {
            return;
        }
        JsonSerializer<?> writer = provider.findValueSerializer(type, of);
        if (writer instanceof UnsupportedTypeSerializer) {
            throw new Unfit(type.toCanonical() + " needs a Jackson module");
        }
        if (writer instanceof BeanSerializerBase) {
            Iterator<PropertyWriter> properties = writer.properties();
            while (properties.hasNext()) {
                PropertyWriter property = properties.next();
                write(provider, property.getType(), property, seen);
            }
        }
        JavaType content = type.getContentType();
        if (content != null) {
            write(provider, content, of, seen);
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
