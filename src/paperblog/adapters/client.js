// Runs in pages that `paperblog serve` shows: brings them up to date after a build, in place where it
// can, and shows what is wrong.
(() => {
  const { note, path, base, build } = document.currentScript.dataset;
  // What a changed page may not be brought up to date in: scripts would have to run again, and those
  // of the theme have done something to the rest, once.
  const FIXED = "script, style, link, .code, :is(h1, h2, h3, h4, h5, h6), .contents, .theme-switch";
  const OURS = /\/(theme-early|theme|client)\.js$/;
  // Files that no page shows.
  const UNSHOWN = /\.(html|xml|json|txt|bib)$/;
  // The page as it came, and where each of its nodes is on the screen. The theme's script comes later.
  const page = document.documentElement.cloneNode(true);
  delete page.dataset.theme;
  const onScreen = new WeakMap();
  pair(page, document.documentElement);
  leaveUnseenOut(page);
  const isPlain = [...document.scripts].every(
    (script) => script.type === "application/ld+json" || OURS.test(new URL(script.src, location).pathname),
  );
  let updated = Promise.resolve();
  const events = new EventSource(`/_paperblog/events?build=${build}`);
  let host = null;

  events.addEventListener("built", (event) => {
    const { changed, problems } = JSON.parse(event.data);
    const files = changed.filter((file) => file !== path && !UNSHOWN.test(file));
    updated = updated.then(async () => {
      const isCurrent = !changed.includes(path) || (await update());
      // Browsers keep the scroll position over a reload.
      if (!isCurrent || files.some((file) => !swapStyle(file))) location.reload();
      else show(problems);
    });
  });
  events.addEventListener("behind", () => location.reload());
  // A connection that is made again may have missed builds.
  let connected = false;
  events.addEventListener("open", () => {
    if (connected) location.reload();
    connected = true;
  });
  fetch("/_paperblog/state").then((answer) => answer.json()).then((state) => show(state.problems));

  function show(problems) {
    host?.remove();
    host = null;
    if (problems.length === 0) return;
    host = document.createElement("div");
    const root = host.attachShadow({ mode: "open" });
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style);
    const mine = problems.filter((problem) => problem.file === note);
    const errors = mine.filter((problem) => problem.severity === "error");
    const details = document.createElement("details");
    details.open = errors.length > 0;
    const summary = document.createElement("summary");
    summary.textContent = title(problems, mine);
    const text = document.createElement("pre");
    text.tabIndex = 0;
    text.textContent = [...mine, ...problems.filter((problem) => !mine.includes(problem))]
      .map((problem) => problem.text)
      .join("");
    details.append(summary, text);
    details.className = problems.some((problem) => problem.severity === "error") ? "error" : "";
    root.append(details);
    document.body.append(host);
  }

  // Fetch the page and change what differs; false if a reload is needed.
  async function update() {
    if (!isPlain) return false;
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return false;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    leaveUnseenOut(next);
    // What follows this script had not come when it ran.
    if (next.body.lastChild.nodeType === Node.TEXT_NODE) next.body.lastChild.remove();
    const changes = [];
    if (!compare(page, next.documentElement, changes)) return false;
    if (!changes.every(({ parent, gone }) => gone.every((node) => standsIn(parent, node)))) return false;
    changes.forEach(change);
    return true;
  }

  // Take out what tells pages apart and nobody sees: the number of the build, and what is read
  // in another way where no script runs.
  function leaveUnseenOut(root) {
    root.querySelector("[data-build]").removeAttribute("data-build");
    for (const unseen of root.querySelectorAll("noscript, template")) unseen.replaceChildren();
  }

  // Gather what must be exchanged to make one node like another; false if that cannot be done.
  function compare(old, next, changes) {
    if (old.isEqualNode(next)) return true;
    if (!old.cloneNode().isEqualNode(next.cloneNode()) || !old.hasChildNodes()) return false;
    return stretches([...old.childNodes], [...next.childNodes]).every(({ gone, come, before }) => {
      const inner = [];
      const isInner =
        gone.length === come.length &&
        gone.every((node, index) => compareOrExchange(old, node, come[index], inner));
      if (!isInner && [...gone, ...come].some(isFixed)) return false;
      changes.push(...(isInner ? inner : [{ parent: old, gone, come, before }]));
      return true;
    });
  }

  // What differs between two lists of nodes, each stretch with the node that stands behind it.
  function stretches(old, next) {
    let first = 0;
    const shorter = Math.min(old.length, next.length);
    while (first < shorter && old[first].isEqualNode(next[first])) first += 1;
    let last = 0;
    while (last < shorter - first && old.at(-1 - last).isEqualNode(next.at(-1 - last))) last += 1;
    const behind = old[old.length - last] ?? null;
    const gone = old.slice(first, old.length - last);
    const come = next.slice(first, next.length - last);
    if (!gone.length && !come.length) return [];
    // Between the ends, the longest sequence that both have in common.
    const [a, b] = [gone, come].map((nodes) => nodes.map((node) => node.outerHTML ?? node.data));
    const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i -= 1)
      for (let j = b.length - 1; j >= 0; j -= 1)
        common[i][j] =
          a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    const found = [];
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      const [atGone, atCome] = [i, j];
      while ((i < a.length || j < b.length) && a[i] !== b[j])
        if (j === b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) i += 1;
        else j += 1;
      if (i > atGone || j > atCome)
        found.push({
          gone: gone.slice(atGone, i),
          come: come.slice(atCome, j),
          before: gone[i] ?? behind,
        });
      i += 1;
      j += 1;
    }
    return found;
  }

  function compareOrExchange(parent, old, next, changes) {
    if (compare(old, next, changes)) return true;
    if (isFixed(old) || isFixed(next)) return false;
    changes.push({ parent, gone: [old], come: [next], before: old.nextSibling });
    return true;
  }

  function isFixed(node) {
    return node.nodeType === Node.ELEMENT_NODE && (node.matches(FIXED) || node.querySelector(FIXED));
  }

  function change({ parent, gone, come, before }) {
    const place = before && standsIn(parent, before);
    for (const old of gone) {
      standsIn(parent, old).remove();
      old.remove();
    }
    for (const node of come) {
      const shown = document.importNode(node, true);
      onScreen.get(parent).insertBefore(shown, place);
      parent.insertBefore(node, before);
      pair(node, shown);
    }
  }

  // What stands for a node among the children of its parent: a script may have wrapped it.
  function standsIn(parent, node) {
    let shown = onScreen.get(node);
    while (shown && shown.parentNode !== onScreen.get(parent)) shown = shown.parentNode;
    return shown;
  }

  function pair(node, shown) {
    onScreen.set(node, shown);
    node.childNodes.forEach((child, index) => pair(child, shown.childNodes[index]));
  }

  // Load a style sheet anew, where the page has it or not; false if the file is none.
  function swapStyle(file) {
    if (!file.endsWith(".css")) return false;
    const address = new URL(base + file, location.href).pathname;
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      if (new URL(link.href).pathname !== address) continue;
      const next = link.cloneNode();
      next.href = `${address}?${Date.now()}`;
      // The old one stays until the new one is there, so nothing is shown without style.
      next.addEventListener("load", () => link.remove());
      link.after(next);
    }
    return true;
  }

  function title(problems, mine) {
    const errors = problems.filter((problem) => problem.severity === "error").length;
    const words = errors ? `${errors} error${errors > 1 ? "s" : ""}` : `${problems.length} to note`;
    const here = mine.some((problem) => problem.severity === "error");
    return here ? `${words}: this page is the last good one, or marked` : words;
  }

  const STYLE = `
    details {
      position: fixed; inset-block-end: 0; inset-inline: 0; z-index: 2147483647;
      max-block-size: 70vh; overflow: auto; box-sizing: border-box;
      border-block-start: 3px solid #f0b35a; background: #10181c; color: #dde3e1;
      font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    }
    details.error { border-color: #ff9b8e; }
    summary { padding: 8px 16px; cursor: pointer; }
    summary:focus-visible { outline: 2px solid #5fd3b4; outline-offset: -2px; }
    pre { margin: 0; padding: 0 16px 16px; overflow-x: auto; font: inherit; }
  `;
})();
