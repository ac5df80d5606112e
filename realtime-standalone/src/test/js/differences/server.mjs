// Node's server with the application of TwinApp.java, in the same variants.
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "socket.io";

const variants = {
  plain: {},
  pages: { cors: { origin: "https://game.example", credentials: true }, cookie: true, maxHttpBufferSize: 2_000 },
  open: { cors: { origin: "*" } },
  brisk: { pingInterval: 400, pingTimeout: 400, connectTimeout: 400, upgradeTimeout: 400 },
  recovering: { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } },
  moved: { path: "/game/live/" },
  stopping: {},
};

/** Starts all variants; returns their origins by name. */
export async function startNode() {
  const origins = {};
  for (const [name, options] of Object.entries(variants)) {
    const http = createServer((request, response) => response.writeHead(404).end());
    const io = new Server(http, options);
    application(io);
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    origins[name] = `http://127.0.0.1:${http.address().port}`;
  }
  return origins;
}

function application(io) {
  for (const name of ["/", "/custom", /^\/dynamic-\d+$/, "/restricted"]) {
    io.of(name).on("connection", (socket) => handle(io, socket));
  }
  io.of("/bare").on("connection", (socket) => socket.on("echo", (value, ack) => ack(value)));
  io.of("/restricted").use((socket, next) => {
    const { token } = socket.handshake.auth;
    if (token === "let-me-in") {
      next();
    } else {
      const error = new Error("not for you");
      if (token !== "no-hint") {
        error.data = { code: "restricted", hint: "ask for a token" };
      }
      next(error);
    }
  });
}

function handle(io, socket) {
  const { nsp } = socket;
  socket.on("echo", (...args) => {
    const ack = args.pop();
    if (typeof ack === "function") {
      ack(...args);
    }
  });
  socket.on("say", (...args) => {
    if (typeof args.at(-1) === "function") {
      args.pop()();
    }
    socket.emit("said", ...args);
  });
  socket.on("say-volatile", (text) => socket.volatile.emit("said", text));
  socket.on("7", (text) => socket.emit("said", text));
  socket.on("auth", (ack) => ack(socket.handshake.auth));
  socket.on("query", (name, ack) => ack(socket.handshake.query[name] ?? null));
  socket.on("header", (name, ack) => ack(socket.handshake.headers[name] ?? null));
  socket.on("bye", () => socket.disconnect());
  socket.on("bye-all", () => socket.disconnect(true));
  socket.on("last-words", () => {
    socket.emit("said", "last");
    socket.disconnect();
  });
  socket.on("last-words-all", () => {
    socket.emit("said", "last");
    socket.disconnect(true);
  });
  socket.on("last-words-to-room", () => {
    socket.join("crowd");
    nsp.to("crowd").emit("said", "to the room");
    socket.disconnect();
  });
  socket.on("send-away", (id, ack) => {
    nsp.in(id).disconnectSockets();
    ack();
  });
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack();
  });
  socket.on("tell", (room, text, ack) => {
    nsp.to(room).emit("said", text);
    ack();
  });
  socket.on("tell-others", (room, text, ack) => {
    socket.to(room).emit("said", text);
    ack();
  });
  socket.on("tell-all", (text, ack) => {
    nsp.emit("said", text);
    ack();
  });
  socket.on("say-then-answer", (ack) => {
    socket.emit("said", "first");
    nsp.to(socket.id).emit("said", "second");
    ack("third");
  });
  socket.on("join-tell-leave", (room) => {
    socket.join(room);
    nsp.to(room).emit("said", "inside");
    socket.leave(room);
    nsp.to(room).emit("said", "outside");
  });
  const ask = (timeout) => (question) =>
    socket.timeout(timeout).emit("question", question, (error, answer) => socket.emit("answered", error ? "none" : answer));
  socket.on("ask", ask(15_000));
  socket.on("ask-briefly", ask(20));
  socket.on("ask-room-briefly", (room) =>
    nsp.to(room).timeout(200).emit("question", "all", (error, answers) => socket.emit("answered", [Boolean(error), answers])),
  );
  socket.on("present", (id, ack) => ack(nsp.sockets.has(id)));
  socket.on("stop", () => io.close());
}
