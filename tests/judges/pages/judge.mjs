// Judges the pages of a running server: node judge.mjs BASE [--lighthouse]
//
// Each kind of page in each language is read by vnu (HTML), and in Chromium, light and dark, narrow and wide, by axe;
// what is sent is weighed, and nothing but pictures may come from anywhere else. With --lighthouse each kind of page in
// each language is also graded. The last line is a count of faults; the exit code says whether there are any.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const [base, ...options] = process.argv.slice(2);
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const languages = ["en", "fi", "sv", "uk"];
const LARGEST = 60_000;
const pages = {
  start: "/",
  people: "/browse/agent",
  letter: "/browse/concept?letter=K",
  institutions: "/browse/institution",
  item: "/page/museum/M-001",
  monument: "/page/monuments/UA-011",
  fonds: "/page/archive/AARRE-GLS",
  group: "/page/agent/gallen-kallela-akseli-1865-1931?group=dc%3Acreator~museum",
  person: "/page/agent/gallen-kallela-akseli-1865-1931",
  place: "/page/place/helsinki",
  concept: "/page/concept/kalevala",
  dataset: "/page/dataset/museum",
  search: "/search?q=Helsinki",
  gallery: "/search?q=Helsinki&view=gallery",
  map: "/search?q=Helsinki&view=map",
  timeline: "/search?q=Helsinki&view=timeline",
  statistics: "/statistics",
  query: "/sparql",
  downloads: "/dumps/",
  limits: "/limits",
  services: "/reconcile",
  nothing: "/page/museum/never",
};
let faults = 0;
const fault = (where, what) => { faults += 1; console.log(`${where}: ${what}`); };

const require = createRequire(import.meta.url);
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
const folder = mkdtempSync(join(tmpdir(), "pages-"));
const address = (path, language) => `${base}${path}${path.includes("?") ? "&" : "?"}lang=${language}`;
try {
  const files = [];
  for (const [kind, path] of Object.entries(pages)) {
    for (const language of languages) {
      const answer = await fetch(address(path, language), { headers: { accept: "text/html" } });
      if (answer.status !== (kind === "nothing" ? 404 : 200)) fault(`${kind} ${language}`, `status ${answer.status}`);
      const file = join(folder, `${kind}-${language}.html`);
      writeFileSync(file, await answer.text());
      files.push(file);
    }
  }
  const vnu = require.resolve("vnu-jar/build/dist/vnu.jar");
  try {
    execFileSync("java", ["-jar", vnu, "--errors-only", "--format", "json", ...files], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    for (const message of JSON.parse(error.stderr.toString()).messages) {
      fault(`vnu ${message.url.split("/").pop()}:${message.lastLine}`, `${message.message} ${message.extract ?? ""}`);
    }
  }

  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  for (const [kind, path] of Object.entries(pages)) {
    for (const language of languages) {
      for (const [scheme, width] of [["light", 1024], ["dark", 390]]) {
        const where = `${kind} ${language} ${scheme}`;
        const page = await browser.newPage();
        // The policy of our pages lets nothing be injected, the judge included.
        await page.setBypassCSP(true);
        await page.setViewport({ width, height: 900 });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        const session = await page.createCDPSession();
        await session.send("Network.enable");
        const kinds = new Map();
        let sent = 0;
        session.on("Network.responseReceived", ({ requestId, type, response }) => {
          kinds.set(requestId, type);
          if (type !== "Image" && !response.url.startsWith(base)) fault(where, `asks ${response.url}`);
        });
        session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
          if (kinds.get(requestId) !== "Image") sent += encodedDataLength;
        });
        page.on("pageerror", (error) => fault(where, `script: ${error.message}`));
        await page.goto(address(path, language), { waitUntil: "networkidle0" });
        if (sent > LARGEST) fault(where, `${sent} bytes are sent`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) fault(where, `${wide} pixels wider than the window`);
        // What is folded away is judged too.
        await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }));
        for (const violation of found.violations) {
          fault(`axe ${where}`, `${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
        }
        await page.close();
      }
    }
  }
  if (options.includes("--lighthouse")) {
    const { default: lighthouse } = await import("lighthouse");
    for (const [kind, path] of Object.entries(pages)) {
      for (const language of languages) {
        const { lhr } = await lighthouse(address(path, language), {
          port: new URL(browser.wsEndpoint()).port,
          onlyCategories: ["accessibility", "best-practices", "seo"],
          logLevel: "error",
        });
        for (const [id, { score }] of Object.entries(lhr.categories)) {
          // A page that says 404 is no page to be found.
          if (score < 0.95 && !(kind === "nothing" && id === "seo")) {
            const low = lhr.categories[id].auditRefs.filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1);
            fault(`lighthouse ${kind} ${language}`, `${id} ${score}: ${low.map(({ id }) => id).join(", ")}`);
          }
        }
      }
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
console.log(`${Object.keys(pages).length} kinds of pages in ${languages.length} languages: ${faults} faults`);
process.exit(faults ? 1 : 0);
