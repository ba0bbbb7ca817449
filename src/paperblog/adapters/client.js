// Runs in pages that `paperblog serve` shows: brings them up to date after a build, by a reload or a
// new style sheet, and shows what is wrong.
(() => {
  const { note, path, base } = document.currentScript.dataset;
  const events = new EventSource("/_paperblog/events");
  let host = null;

  events.addEventListener("built", (event) => {
    const { changed, problems } = JSON.parse(event.data);
    // Other pages are no business of this one, which shows what its own file holds.
    const files = changed.filter((file) => file === path || !file.endsWith("index.html"));
    if (files.some((file) => !swapStyle(file))) {
      // Browsers keep the scroll position over a reload.
      location.reload();
    } else {
      show(problems);
    }
  });
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
