// Suggestions below the search box (the combobox pattern of WAI-ARIA), and facets that apply as they are chosen.
"use strict";

(() => {
  const wait = 120;

  for (const form of document.querySelectorAll("form.search")) {
    const box = form.querySelector("input[name=q]");
    if (!box) continue;
    const list = document.createElement("ul");
    list.className = "suggestions";
    list.id = `suggestions-${document.querySelectorAll(".suggestions").length}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.getAttribute("aria-label") || "");
    list.hidden = true;
    form.classList.add("suggest");
    form.append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-haspopup", "listbox"]]) box.setAttribute(name, value);
    let typed = box.value, chosen = -1, timer = 0, asked = 0;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const choose = (place) => {
      const options = [...list.children];
      chosen = options.length === 0 ? -1 : (place + options.length) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      if (chosen < 0) return;
      box.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };
    const follow = (option) => { if (option && option.dataset.href) location.assign(option.dataset.href); };
    const show = (suggestions) => {
      list.replaceChildren(...suggestions.filter((one) => typeof one.href === "string" && one.href.startsWith("/")).map((one, at) => {
        const option = document.createElement("li");
        const name = document.createElement("span"), kind = document.createElement("span");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.href = one.href;
        name.textContent = one.name;
        if (one.language) name.lang = one.language;
        kind.textContent = one.kindName;
        option.append(name, kind);
        return option;
      }));
      chosen = -1;
      list.hidden = list.children.length === 0;
      box.setAttribute("aria-expanded", String(!list.hidden));
      box.removeAttribute("aria-activedescendant");
    };
    const ask = async () => {
      const text = box.value.trim(), own = ++asked;
      if (text.length < 2) return close();
      const address = new URL(form.action.replace(/\/search$/, "/suggest"));
      address.searchParams.set("q", text);
      address.searchParams.set("lang", document.documentElement.lang);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        const found = answer.ok ? await answer.json() : { suggestions: [] };
        if (own === asked && document.activeElement === box) show(found.suggestions);
      } catch {
        close();
      }
    };

    box.addEventListener("input", () => {
      if (box.value === typed) return;
      typed = box.value;
      clearTimeout(timer);
      timer = setTimeout(ask, wait);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        follow(list.children[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Tab") close();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => follow(event.target.closest("[role=option]")));
    box.addEventListener("blur", close);
  }

  // A choice applies at once where there is a script; the button stays for the years.
  for (const form of document.querySelectorAll("form.narrow")) {
    form.addEventListener("change", (event) => { if (event.target.type === "checkbox") form.requestSubmit(); });
  }
})();
