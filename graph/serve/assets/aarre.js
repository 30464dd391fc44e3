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
