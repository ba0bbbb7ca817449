// Runs in pages that `paperblog serve` shows: reloads after a build and shows what is wrong.
(() => {
  const script = document.currentScript;
  const note = script.dataset.note;
  const events = new EventSource("/_paperblog/events");
  let host = null;

  events.addEventListener("built", (event) => {
    const state = JSON.parse(event.data);
    if (state.changed) {
      // Browsers keep the scroll position over a reload.
      location.reload();
    } else {
      show(state.problems);
    }
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
