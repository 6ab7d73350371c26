"use strict";
(() => {
  const all = (selector, under = document) => [...under.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const NAMES = ["level", "verdict", "kind", "provider", "new"];
  const BODY = 20000, ROWS = 200;

  document.documentElement.classList.add("js");
  for (const one of all("#filters, .copy, [data-save]")) one.hidden = false;

  // Text from a provider is text: set, never parsed, with every invisible letter spelled out.
  const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
  const spelled = (text, kept) => String(text).replace(HIDDEN, (letter) => kept.includes(letter) ? letter : "\\u" + letter.codePointAt(0).toString(16).padStart(4, "0"));
  const make = (name, kind, ...children) => {
    const found = document.createElement(name);
    if (kind) found.className = kind;
    found.append(...children.filter((child) => child !== null));
    return found;
  };
  const block = (text) => {
    const cut = text.length - BODY;
    const found = make("pre", "", spelled(text.slice(0, BODY), "\n\t"));
    if (cut > 0) found.append(make("i", "cut", ` … ${cut.toLocaleString("en")} more characters`));
    return found;
  };

  // The state of the page is in its address: filters, and what stands open.
  const state = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    return hash.includes("=") ? Object.fromEntries(new URLSearchParams(location.hash.slice(1))) : hash ? { at: hash } : {};
  };
  const address = (wanted) => {
    const told = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    return told.size === 1 && told.has("at") ? "#" + told.get("at") : "#" + told;
  };
  const chosen = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].type === "checkbox" ? (form.elements[name].checked ? "1" : "") : form.elements[name].value]).filter(([, value]) => value));

  const fill = (wanted) => {
    for (const name of NAMES) {
      const field = form.elements[name];
      if (field.type === "checkbox") field.checked = Boolean(wanted[name]); else field.value = wanted[name] || "";
    }
  };

  const fits = (one, wanted) => {
    const facts = one.dataset;
    const has = (told, word) => !word || (told || "").split(" ").includes(word);
    if (!has(facts.k, wanted.kind) || !has(facts.l, wanted.level) || !has(facts.p, wanted.provider) || (wanted.new && !("n" in facts))) return false;
    if (!wanted.verdict) return true;
    if (one.localName !== "tr" || !wanted.provider) return has(facts.v, wanted.verdict);
    return all("td", one).some((cell) => cell.dataset.p === wanted.provider && cell.querySelector(`.v.${CSS.escape(wanted.verdict)}`));
  };
  const filter = (wanted) => {
    const active = NAMES.some((name) => wanted[name]);
    const counts = { rows: 0, promises: 0 };
    for (const row of all(".matrix tbody tr[data-k]")) { row.hidden = active && !fits(row, wanted); counts.rows += !row.hidden; }
    for (const clause of all(".clause[data-k]")) { clause.hidden = active && !fits(clause, wanted); counts.promises += !clause.hidden; }
    for (const cell of all(".matrix [data-p]")) if (cell.localName !== "tr") cell.hidden = Boolean(wanted.provider) && cell.dataset.p !== wanted.provider;
    for (const topic of all(".topic")) {
      const inner = all("tbody tr[data-k], .clause[data-k]", topic);
      const left = inner.filter((one) => !one.hidden).length;
      topic.hidden = active && inner.length ? !left : active && !wanted.provider && Boolean(topic.querySelector(".offer"));
      if (active && left && !topic.open) { topic.open = true; topic.dataset.auto = ""; }
      if (!active && "auto" in topic.dataset) { topic.open = false; delete topic.dataset.auto; }
    }
    for (const section of all(".provider")) section.hidden = Boolean(wanted.provider) && section.dataset.p !== wanted.provider;
    form.querySelector("output").textContent = active ? `${counts.rows} rows, ${counts.promises} promises` : "";
  };
  const reveal = (name) => {
    const target = document.getElementById(name);
    if (!target) return;
    if (target.closest("[hidden]")) { fill({}); filter({}); history.replaceState(null, "", address({ at: name })); }
    for (let one = target; one; one = one.parentElement) if (one.localName === "details") one.open = true;
    (target.classList.contains("proof") ? target.parentElement : target).scrollIntoView();
  };
  const apply = () => {
    const wanted = state();
    if (form) { fill(wanted); filter(chosen()); }
    if (wanted.exchange) show(wanted.exchange); else if (wanted.at) reveal(wanted.at);
  };
  const go = (wanted, replace) => {
    history[replace ? "replaceState" : "pushState"](null, "", address(wanted));
    apply();
  };

  // Evidence is inflated when it is asked for.
  const inflate = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const exchanges = new WeakMap();
  const read = (chunk) => {
    if (!exchanges.has(chunk)) exchanges.set(chunk, inflate(chunk.querySelector("script").textContent).then((text) => text.split("\n").map((line) => JSON.parse(line))));
    return exchanges.get(chunk);
  };
  const body = (part) => {
    if (part.base64) return make("p", "soft", `${Math.floor(part.base64.length * 3 / 4).toLocaleString("en")} bytes that are no text`);
    if (!part.text) return make("p", "soft", part.file ? "kept as a file during the run" : "no body");
    try { return block(JSON.stringify(JSON.parse(part.text), null, 2)); } catch { return block(part.text); }
  };
  const side = (title, line, part) => {
    const found = make("div", "", make("h4", "", title), make("p", "", make("code", "", spelled(line, ""))));
    if (part.headers && part.headers.length) {
      const told = part.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
      found.append(make("details", "sub", make("summary", "", `${part.headers.length} header${part.headers.length > 1 ? "s" : ""}`), block(told)));
    }
    if ("status" in part || "method" in part) found.append(body(part));
    return found;
  };
  const outcome = (answer) => "fault" in answer ? `${answer.fault} ${answer.detail || ""}` : `HTTP ${answer.status}`;
  const exchange = (view, one) => {
    const head = make("summary", "", make("span", "soft", `#${one.number}`), make("span", "", one.purpose), make("code", "", spelled(`${one.request.method} ${one.request.url}`, "").slice(0, 300)), make("span", "marks", make("span", "level", spelled(outcome(one.answer), "").slice(0, 60))));
    const found = make("details", "clause", head);
    found.id = `${view}~${one.number}`;
    found.addEventListener("toggle", () => {
      if (found.children.length > 1) return;
      const told = [one.note, one.clause, one.job].filter(Boolean).join(" · ");
      found.append(make("div", "proof", told ? make("p", "soft", spelled(told, "")) : null, make("div", "pair", side("Sent", `${one.request.method} ${one.request.url}`, one.request), side("Came back", `${outcome(one.answer)} after ${Math.round(one.elapsed * 1000)} ms`, one.answer))));
    });
    return found;
  };
  const list = async (chunk) => {
    if (chunk.querySelector(".clauses")) return;
    const box = make("div", "clauses");
    chunk.append(box);
    const found = await read(chunk);
    const more = (from) => {
      box.append(...found.slice(from, from + ROWS).map((one) => exchange(chunk.dataset.p, one)));
      if (from + ROWS >= found.length) return;
      const button = make("button", "", `${(found.length - from - ROWS).toLocaleString("en")} more`);
      button.type = "button";
      button.addEventListener("click", () => { button.remove(); more(from + ROWS); });
      box.append(button);
    };
    more(0);
  };
  const show = async (name) => {
    const [view, number] = [name.slice(0, name.lastIndexOf(":")), Number(name.slice(name.lastIndexOf(":") + 1))];
    for (const chunk of all(".chunk")) {
      if (chunk.dataset.p !== view || number < chunk.dataset.first || number > chunk.dataset.last) continue;
      const one = (await read(chunk)).find((found) => found.number === number);
      if (!one) continue;
      chunk.open = true;
      await list(chunk);
      let target = document.getElementById(`${view}~${number}`);
      if (!target) { target = exchange(view, one); chunk.querySelector(".clauses").prepend(target); }
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus({ preventScroll: true });
      return;
    }
  };
  for (const chunk of all(".chunk")) chunk.addEventListener("toggle", () => { if (chunk.open) list(chunk); });

  const copy = async (button) => {
    const text = button.parentElement.querySelector("pre").textContent;
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
      button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
  const save = async (button) => {
    const text = await inflate(all("[data-bundle]").find((one) => one.dataset.bundle === button.dataset.save).textContent);
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = `evidence-${button.dataset.save}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  document.addEventListener("click", (event) => {
    const found = event.target.closest("a[href^='#'], .copy, [data-save]");
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (found.matches(".copy")) { copy(found); return; }
    if (found.matches("[data-save]")) { save(found); return; }
    event.preventDefault();
    const filters = form ? chosen() : {};
    if (found.dataset.filter) go({ ...Object.fromEntries(new URLSearchParams(found.dataset.filter)), at: "matrix" });
    else if (found.dataset.exchange) go({ ...filters, exchange: found.dataset.exchange });
    else go({ ...filters, at: decodeURIComponent(found.getAttribute("href").slice(1)) });
  });
  if (form) {
    form.addEventListener("change", () => go(chosen(), true));
    form.addEventListener("reset", () => setTimeout(() => go({}, true)));
  }
  addEventListener("popstate", apply);
  apply();
})();
