import { createServer } from "node:http";
import Database from "better-sqlite3";

// The baseline: nothing but node:http and the statement of the first page, over the same file.

const [file = "", port = ""] = process.argv.slice(2);
const page = new Database(file, { readonly: true }).prepare(
  "select * from orders order by attention, sort_end, order_id limit 51",
);
createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(page.all()));
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
