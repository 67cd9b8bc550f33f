// SPDX-License-Identifier: MIT
//
// Pi with a library for JSON-RPC: type "npm install" in this folder before the first run.

const net = require("net");
const { JSONRPCServer } = require("json-rpc-2.0");

const stream = new net.Socket({ fd: Number(process.env.LOCKSTEP_STREAM.slice(3)), readable: true, writable: true });
const server = new JSONRPCServer({ errorListener: () => {} });
let plan = {};

function tell(method, params) {
  stream.write(JSON.stringify({ jsonrpc: "2.0", method, params }) + "\n");
}

server.addMethod("initialize", (call) => {
  plan = call.params;
  return { name: "javascript-pi", methods: ["integrate", "add"] };
});

server.addMethod("integrate", ({ task, part, parts }) => {
  const n = plan.rectangles ?? 1000000;
  let sum = 0;
  if (part === undefined) throw new Error("integrate is a step on all solvers, each with a part");
  for (let i = part; i < n; i += parts) sum += 4 / (1 + ((i + 0.5) / n) ** 2) / n;
  tell("progress", { task, fraction: 1, message: "added up", values: { sum } });
  return { sum };
});

server.addMethod("add", ({ input }) => ({ pi: input.reduce((pi, { sum }) => pi + sum, 0) }));
server.addMethod("status", () => ({ state: "ready", fraction: null, message: null }));
server.addMethod("cancel", () => {});
server.addMethod("terminate", () => ({}));

async function handle(line) {
  const answer = await server.receiveJSON(line);
  if (answer) stream.write(JSON.stringify(answer) + "\n");
  if (line.includes('"method":"terminate"')) stream.end(() => process.exit());
}

// Not the module readline, which also breaks lines at characters that may stand in a string.
let rest = "";
stream.setEncoding("utf8");
stream.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  lines.filter((line) => line).forEach(handle);
});
stream.on("end", () => process.exit());
