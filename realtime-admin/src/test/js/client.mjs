// An official client. Prints what it is told, one JSON array a line; sends what it is given, one JSON array a line.
// Run: node client.mjs URL [auth as JSON]
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const socket = io(process.argv[2], { auth: JSON.parse(process.argv[3] ?? "{}"), transports: ["websocket"] });
const print = (...words) => console.log(JSON.stringify(words));
socket.on("connect", () => print("connect", socket.id));
socket.on("disconnect", (reason) => print("disconnect", reason));
socket.on("connect_error", (error) => print("connect_error", error.message));
socket.onAny((...args) => print(...args));
createInterface({ input: process.stdin }).on("line", (line) => socket.emit(...JSON.parse(line)));
