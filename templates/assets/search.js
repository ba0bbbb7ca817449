// The search: on its own page at once, on any other in a dialog when `theme.js` asks for it.

const PAGE = 8;
let dialog;

const own = document.querySelector("main > .search");
if (own) begin(own, location.href, true);

// Opens the dialog; what it holds is taken from the search's page, at `address`.
export async function open(address) {
  if (own) return own.querySelector("input").focus();
  if (!dialog) {
    const page = await (await fetch(address)).text();
    const search = new DOMParser().parseFromString(page, "text/html").querySelector(".search");
    dialog = document.createElement("dialog");
    dialog.className = "search-dialog";
    dialog.ariaLabel = search.querySelector("h1").textContent;
    dialog.append(document.adoptNode(search));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    begin(search, new URL(address, location.href).href, false);
  }
  dialog.showModal();
  dialog.querySelector("input").select();
}

// Brings a search to life; its addresses are relative to `base`. On its own page the address
// follows the query, so that it can be shared.
function begin(search, base, shared) {
  const [form, state, help, list, more] = [
    "form",
    ".search-state",
    ".search-help",
    "ol",
    ".search-more",
  ].map((name) => search.querySelector(name));
  const selects = [...form.querySelectorAll("select")];
  let loading;
  let latest = 0;
  let found = [];
  let waiting;

  form.hidden = false;
  if (shared) {
    const asked = new URLSearchParams(location.search);
    for (const field of form.elements) {
      field.value = asked.get(field.name) ?? "";
      if (field.selectedIndex < 0) field.value = "";
    }
    if (asked.size) run();
    help.hidden = asked.size > 0;
    form.q.focus();
    form.addEventListener("keydown", load, { once: true });
  } else {
    load();
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, 120);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await run();
    list.querySelector("a")?.focus();
  });
  more.addEventListener("click", async () => {
    const next = list.children.length;
    await show(latest);
    list.children[next]?.querySelector("a").focus();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && dialog) {
      // A field would first be emptied; a reader wants the dialog to go, and to find it as it was.
      event.preventDefault();
      dialog.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("select")) return;
    const stops = [form.q, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement) + step;
    if (stops[at]) {
      event.preventDefault();
      stops[at].focus();
    }
  });

  // Pagefind is loaded once, when somebody begins to search.
  function load() {
    loading ??= (async () => {
      const pagefind = await import(new URL("pagefind.js", new URL(search.dataset.index, base)));
      await pagefind.options({ baseUrl: new URL(search.dataset.home, base).pathname });
      await pagefind.init();
      return pagefind;
    })();
    return loading.catch(() => {
      loading = undefined;
      state.textContent = state.dataset.broken;
    });
  }

  async function run() {
    clearTimeout(waiting);
    const turn = ++latest;
    const query = form.q.value.trim();
    const chosen = selects.filter((select) => select.value);
    const filters = Object.fromEntries(chosen.map((select) => [select.name, select.value]));
    if (shared) {
      const asked = new URLSearchParams({ ...(query && { q: query }), ...filters });
      history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
    }
    const pagefind = await load();
    if (!pagefind) return;
    state.textContent = query ? state.dataset.wait : "";
    const asked = query || chosen.length;
    const { results } = asked ? await pagefind.search(query || null, { filters }) : { results: [] };
    if (turn !== latest) return;
    found = results;
    list.replaceChildren();
    await show(turn);
    if (turn !== latest) return;
    const said = found.length ? state.dataset.found.replace("{}", found.length) : state.dataset.none;
    state.textContent = asked ? said : "";
    help.hidden = asked;
  }

  // Adds the next page of what was found.
  async function show(turn) {
    const next = found.slice(list.children.length, list.children.length + PAGE);
    const notes = await Promise.all(next.map((result) => result.data()));
    if (turn !== latest) return;
    list.append(...notes.map(item));
    more.hidden = list.children.length >= found.length;
  }
}

// A note that was found: its title, what is said under it, and the places in it.
function item(note) {
  const { title, date, category } = note.meta;
  const entry = document.createElement("li");
  const place = (name, url, text, excerpt) => {
    const part = entry.appendChild(document.createElement(name));
    part.append(Object.assign(document.createElement("a"), { href: url, textContent: text }));
    if (name === "h2") {
      part.after(Object.assign(document.createElement("p"), { className: "label" }));
      part.nextSibling.textContent = [date, category].filter(Boolean).join(" · ");
    }
    if (excerpt) entry.append(marked(excerpt));
  };
  // Of a note with parts, what stands before the first; the excerpt of all is that of one part.
  const parts = note.sub_results.filter((part) => part.url !== note.url).slice(0, 3);
  const lead = parts.length ? note.sub_results.find((part) => part.url === note.url) : note;
  place("h2", note.url, title, lead?.excerpt);
  for (const part of parts) place("h3", part.url, part.title, part.excerpt);
  return entry;
}

// An excerpt with its marks; whatever else a note's text holds is text.
function marked(excerpt) {
  const line = document.createElement("p");
  const reader = document.createElement("textarea");
  for (const [index, piece] of excerpt.split(/<\/?mark>/).entries()) {
    reader.innerHTML = piece;
    const text = reader.value;
    line.append(index % 2 ? Object.assign(document.createElement("mark"), { textContent: text }) : text);
  }
  // It is a window on the text, and seldom ends where a sentence does.
  if (!/[.!?。]$/.test(line.textContent.trim())) line.append(" …");
  return line;
}
