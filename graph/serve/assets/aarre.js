// What pages do beyond plain links. Everything works without this file; nothing is asked of any other server.
"use strict";

// "/" leads to the search box, as readers of catalogues know it.
document.addEventListener("keydown", (event) => {
  const box = document.querySelector("form[role=search] input[name=q]");
  const typing = event.target instanceof HTMLElement && (event.target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
  if (event.key === "/" && box && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// Branches of a tree come when they are opened.
document.addEventListener("toggle", async (event) => {
  const branch = event.target;
  const source = branch.dataset?.branches;
  if (!source || !branch.open || branch.dataset.asked) return;
  branch.dataset.asked = "yes";
  const answer = await fetch(source, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    branch.append(part.content);
  } else {
    // The link in the branch leads to the same on a page.
    delete branch.dataset.asked;
  }
}, true);

// Pictures are looked at closely: tiles of a IIIF service where there is one, else the picture itself.
document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-zoom]") : null;
  const form = document.getElementById("viewer");
  if (!link || !form || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!window.OpenSeadragon) {
    const there = await new Promise((done) => {
      const script = document.createElement("script");
      script.src = link.dataset.zoom;
      script.onload = () => done(true);
      script.onerror = () => done(false);
      document.head.append(script);
    });
    if (!there) { location.href = link.href; return; }
  }
  const dialog = form.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.showModal();
  const image = { type: "image", url: link.href };
  const viewer = window.OpenSeadragon({
    element: dialog.querySelector(".stage"),
    tileSources: link.dataset.service ? `${link.dataset.service}/info.json` : image,
    drawer: "canvas",
    crossOriginPolicy: false,
    showNavigationControl: false,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    maxZoomPixelRatio: 4,
    animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.6,
  });
  // A service that does not answer leaves the picture that the page has.
  viewer.addOnceHandler("open-failed", () => viewer.open(image));
  const does = {
    in: () => viewer.viewport.zoomBy(1.5),
    out: () => viewer.viewport.zoomBy(1 / 1.5),
    home: () => viewer.viewport.goHome(),
    close: () => dialog.close(),
  };
  dialog.addEventListener("click", (click) => does[click.target.dataset?.do]?.());
  dialog.addEventListener("close", () => { viewer.destroy(); dialog.remove(); link.focus(); });
});
