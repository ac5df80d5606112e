// The handlers of WireFormsClientTest, as they are written for Node.js: what a client sees of both is the same. Prints the port.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { connectionStateRecovery: {} });

io.on("connection", (socket) => {
  const heard = (...values) => socket.emit("heard", values);

  socket.on("use_item", (item, target = null) => heard(item, target));
  socket.on("roll", (reason, ...dice) => heard(reason, dice));
  socket.on("nick", (nick = null) => heard(nick));
  socket.on("quiet", () => {});
  socket.on("nothing", (callback) => callback());
  socket.on("several", (callback) => callback(1, "two", [3]));
  socket.on("first", (text, callback) =>
    text === "refuse" ? callback({ code: "no_money", message: "Not enough coins" }) : callback(null, text),
  );
  socket.on("later", (text, callback) => setTimeout(() => callback?.(text), 20));
  socket.on("wanted", (...args) => heard(typeof args.at(-1) === "function"));
  socket.on("ask-me", async () => {
    socket.timeout(5_000).emit("asked", "ready?", (late, error, reply) => {
      heard(late ? "late" : error ? `refused: ${error.code}` : reply);
    });
  });
  socket.on("roll-for-me", () => socket.emit("rolled", "luck", 6, 20));
});

http.listen(0, "127.0.0.1", () => console.log(http.address().port));
