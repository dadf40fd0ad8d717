// Bundles the editor into ../assets/editor.js, with the licences of what is in it and the hashes of all that it was made from.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

const SOURCES = ["build.mjs", "complete.js", "editor.js", "package-lock.json", "package.json"];
const made = here("../assets/editor.js");

const { metafile } = await build({
  absWorkingDir: here("."),
  entryPoints: ["editor.js"],
  outfile: made,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  banner: { js: "/* Made by make assets; licences in editor.licenses.txt. */" },
});

const inside = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) inside.add(found[1]);
}
const packages = [...inside].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), "utf8"));
  const file = readdirSync(here(`node_modules/${name}`)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  return { name, version, license, text: readFileSync(here(`node_modules/${name}/${file}`), "utf8").trim() };
});
const licenses = here("../assets/editor.licenses.txt");
writeFileSync(licenses, packages.map((one) => `${one.name} ${one.version} (${one.license})\n\n${one.text}\n`).join(`\n${"-".repeat(80)}\n\n`));

const manifest = {
  packages: packages.map(({ name, version, license }) => ({ name, version, license })),
  made: { "editor.js": sha256(made), "editor.licenses.txt": sha256(licenses) },
  sources: Object.fromEntries(SOURCES.map((name) => [name, sha256(here(name))])),
};
writeFileSync(here("../assets/editor.manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
