// Loads records that carry scripts and looks at every page of them: node scripts.mjs AARRE
//
// The payloads stand in names, texts, identifiers, addresses of pictures and languages of a table, which is loaded,
// published and served as everybody's. Nothing of them may run, no link may begin with anything but what is harmless, and
// no element may be there that our templates did not write.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { payloads } from "./payloads.mjs";

const [aarre, listen = "127.0.0.1:7981"] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), "scripts-"));
const cell = (text) => `"${text.replaceAll("\"", "\"\"")}"`;
// Identifiers are encoded whole when they are minted; a NUL stands in no file of text.
const rows = payloads.map((payload) => payload.replaceAll("\u0000", "")).map((payload, at) =>
  [`${at} ${payload}`, payload, payload, payload, payload, payload, payload, payload].map(cell).join(","));
mkdirSync(join(home, "records"));
writeFileSync(join(home, "records/table.csv"), `id,title,about,by,subject,place,picture,licence\n${rows.join("\n")}\n`);
const columns = [["title", "title"], ["about", "description"], ["by", "creator"], ["subject", "subject"], ["place", "place"],
  ["picture", "shown-by"], ["licence", "rights"], ["id", "identifier"]];
writeFileSync(join(home, "records/table.toml"), `id = "id"\nsector = "museum"\ntype = "IMAGE"\nprovider = "<script>window.hit=1</script>"\n`
  + columns.map(([name, to]) => `[[column]]\nname = "${name}"\nto = "${to}"\n`).join(""));
writeFileSync(join(home, "aarre.toml"), `base = "http://${listen}"\ntitle = "<script>window.hit=1</script>"\n[[dataset]]\nid = "table"\ntitle = "\\"><img src=x onerror=window.hit=1>"\n`
  + `owner = "<script>window.hit=1</script>"\nformat = "csv"\nsources = ["records/table.csv"]\nrules = "records/table.toml"\n`);
let faults = 0;
const fault = (where, what) => { faults += 1; console.log(`${where}: ${what}`); };
let server;
let browser;
try {
  try {
    execFileSync(aarre, ["run", "--home", home], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    // 3: done, with records set aside, which is what should happen to some.
    if (error.status !== 3) throw new Error(error.stderr.toString());
  }
  server = spawn(aarre, ["serve", "--home", home, "--listen", listen], { stdio: "ignore" });
  for (let tries = 0; tries < 240; tries += 1) {
    if (await fetch(`http://${listen}/health/ready`).then((answer) => answer.ok, () => false)) break;
    await new Promise((done) => setTimeout(done, 250));
  }
  const query = "SELECT DISTINCT ?s { ?s ?p ?o FILTER(ISIRI(?s) && !CONTAINS(STR(?s), '#')) }";
  const answer = await fetch(`http://${listen}/sparql?query=${encodeURIComponent(query)}`, { headers: { accept: "application/sparql-results+json" } });
  const subjects = (await answer.json()).results.bindings.map(({ s }) => s.value).filter((iri) => iri.includes("/id/"));
  const items = subjects.filter((iri) => iri.includes("/id/table/"));
  if (items.length < 115) fault("load", `${items.length} items of ${payloads.length}`);
  const paths = subjects.map((iri) => iri.slice(iri.indexOf("/id/")).replace("/id/", "/page/"));
  paths.push("/", "/browse/agent", "/browse/concept", "/browse/place", "/browse/institution", "/dumps/", "/reconcile");
  for (const payload of payloads) {
    const text = encodeURIComponent(payload);
    paths.push(`/search?q=${text}`, `/sparql?query=${text}&format=html`);
  }
  paths.push(`/sparql?format=html&query=${encodeURIComponent("SELECT * { ?s ?p ?o } LIMIT 900")}`);
  browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage();
  page.on("dialog", (dialog) => { fault(page.url(), `a dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.setExtraHTTPHeaders({ accept: "text/html" });
  for (const path of paths) {
    await page.goto(`http://${listen}${path}`, { waitUntil: "load" });
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
    const odd = await page.evaluate(() => {
      const found = [];
      if (window.hit) found.push("it ran");
      for (const element of document.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
          if (name.startsWith("on") || name === "style" || name === "srcdoc") found.push(`${element.localName} ${name}=${value}`);
          if (["href", "src", "action", "data", "xlink:href", "formaction"].includes(name)
            && !/^(?:https?:\/\/|mailto:|\/|#|$|[?])/.test(value)) found.push(`${element.localName} ${name}=${value}`);
        }
        if (/^(?:iframe|object|embed|base|math|video|audio|marquee|style)$/.test(element.localName)) found.push(element.localName);
        if (element.localName === "script" && !(element.getAttribute("src") ?? "").startsWith("/assets/")
          && element.type !== "application/ld+json") found.push("script");
      }
      return found;
    });
    for (const what of odd) fault(path, what);
  }
  console.log(`${payloads.length} payloads on ${paths.length} pages: ${faults} faults`);
} finally {
  await browser?.close();
  server?.kill();
  rmSync(home, { recursive: true });
}
process.exit(faults ? 1 : 0);
