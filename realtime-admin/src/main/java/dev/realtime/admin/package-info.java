/**
 * A page for operators: what the Socket.IO Admin UI shows and does, for nodes of this library and servers of Node.js side by side. {@link dev.realtime.admin.AdminPage}
 * adds it to an engine, {@link dev.realtime.admin.AdminOptions} says who may do what. docs/admin.md is the guide.
 */
@NullMarked
package dev.realtime.admin;

import org.jspecify.annotations.NullMarked;
