/**
 * The examples in the Javadoc of the main types, compiled. For a type {@code Name} whose Javadoc has {@code <pre>{@code …}</pre>} blocks there is
 * {@code NameExamples} in this package, which holds the code of each block, with whatever white space. Add a type to {@link
 * dev.realtime.javadoc.JavadocExamplesTest#MAIN_TYPES} and its examples are held; an ellipsis in a block is a comment in both.
 */
@NullMarked
package dev.realtime.javadoc;

import org.jspecify.annotations.NullMarked;
