// Makes one page that needs nothing beside it: `node build.mjs OUT.html`, where esbuild and qr are installed. The browser is told
// the hashes of its one script and one style, and runs nothing else.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const [out] = process.argv.slice(2);
const here = (name) => new URL(name, import.meta.url).pathname;
const bundled = await build({
  entryPoints: [here("page.js")],
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: "es2022",
  legalComments: "inline",
  write: false,
});
// The words that would end the script must not stand in it; the licence of what was built in must.
const licence = readFileSync(here("node_modules/qr/LICENSE-MIT"), "utf8").trim();
const script = `/*!\nTecho receiver (Apache-2.0). It contains qr:\n${licence}\n*/\n${bundled.outputFiles[0].text}`.replaceAll("</script", "<\\/script");
const style = readFileSync(here("page.css"), "utf8");
const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const parts = { SCRIPT: hash(script), STYLE: hash(style), CSS: style, JS: script };
const page = readFileSync(here("page.html"), "utf8").replace(/%(SCRIPT|STYLE|CSS|JS)%/g, (_, name) => parts[name]);
writeFileSync(out, page);
