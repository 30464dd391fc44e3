// The editor of queries, on top of a form that works without it: Yasqe, with completion from this graph alone. It is as large as
// ten pages, so it is fetched when somebody comes near the query.
//
// Prefixes, classes and properties are those that the graph uses (/sparql/terms); within <…> the names of people, places,
// subjects and items are looked for (/suggest).
"use strict";

(() => {
  const form = document.querySelector("form.query");
  const area = form && form.querySelector("textarea");
  if (!area) {
    return;
  }
  const fetched = (address) => fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  let asked;
  const terms = () => (asked ||= fetched(form.dataset.terms).then((told) => told || { prefixes: {}, classes: [], properties: [] }));

  // IRIs that begin as typed come first, then those with the letters in them; more used before less used.
  const beginning = (list) => async (_, token) => {
    const typed = ((token && token.autocompletionString) || "").toLowerCase();
    const known = (await terms())[list];
    const begins = known.filter((iri) => iri.toLowerCase().startsWith(typed));
    const holds = typed ? known.filter((iri) => !begins.includes(iri) && iri.toLowerCase().includes(typed)) : [];
    return [...begins, ...holds].slice(0, 60);
  };
  const improve = () => {
    const Editor = globalThis.Yasqe && (globalThis.Yasqe.default || globalThis.Yasqe.Yasqe || globalThis.Yasqe);
    if (typeof Editor !== "function") {
      return;
    }
    const usual = Editor.Autocompleters;
    Editor.registerAutocompleter({ ...usual.class, name: "class", bulk: false, persistenceId: null, get: beginning("classes") }, false);
    Editor.registerAutocompleter({ ...usual.property, name: "property", bulk: false, persistenceId: null, get: beginning("properties") }, false);
    Editor.registerAutocompleter({
      ...usual.prefixes, name: "prefixes", bulk: true, persistenceId: null,
      get: async () => Object.entries((await terms()).prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`).sort(),
    }, false);
    Editor.registerAutocompleter({
      name: "entity", bulk: false, autoShow: false, persistenceId: null,
      isValidCompletionPosition: (editor) => {
        const text = editor.getCompleteToken().string;
        return text.startsWith("<") && !/^<[a-z]+:/i.test(text) && text.length > 2;
      },
      preProcessToken: (editor, token) => ({ ...token, autocompletionString: token.string.replace(/^<|>$/g, "") }),
      postProcessSuggestion: (editor, token, iri) => `<${iri}>`,
      get: async (editor, token) => {
        const told = await fetched(`${form.dataset.suggest}?q=${encodeURIComponent(token.autocompletionString)}`);
        return told ? told.suggestions.map((suggestion) => suggestion.iri).filter(Boolean) : [];
      },
    }, false);

    const holder = document.createElement("div");
    holder.className = "editor";
    area.before(holder);
    // What was typed until now stays, and whoever was typing goes on.
    const focused = document.activeElement === area;
    const at = area.selectionStart;
    const editor = new Editor(holder, {
      value: area.value,
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      pluginButtons: undefined,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      prefixCcApi: null,
      collapsePrefixesOnLoad: false,
      autocompleters: ["prefixes", "class", "property", "variables", "entity"],
      screenReaderLabel: (form.querySelector("label") || {}).textContent,
      viewportMargin: Infinity,
    });
    area.hidden = true;
    // The label leads to the editor, and Tab leaves it: keys of the editor must not hold anybody.
    const label = form.querySelector(`label[for="${area.id}"]`);
    if (label) {
      label.addEventListener("click", () => editor.focus());
    }
    editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit() });
    const send = () => { area.value = editor.getValue(); };
    editor.on("change", send);
    form.addEventListener("submit", send);
    if (focused) {
      editor.focus();
      editor.setCursor(editor.posFromIndex(at));
    }
  };

  const near = () => {
    for (const event of ["pointerover", "focusin"]) {
      form.removeEventListener(event, near);
    }
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: form.dataset.style });
    style.addEventListener("load", () => {
      document.head.append(Object.assign(document.createElement("script"), { src: form.dataset.editor, onload: improve }));
    });
    document.head.append(style);
  };
  for (const event of ["pointerover", "focusin"]) {
    form.addEventListener(event, near);
  }
})();
