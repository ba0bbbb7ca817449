// Previews: what a reference or a link to another note leads to, beside the link. The link itself
// still works; the preview stays while it is pointed at, and Escape puts it away. `theme.js` loads
// this when the first link is pointed at or focused.

"use strict";

{
  const preview = document.createElement("div");
  preview.className = "preview";
  preview.id = "page-preview";
  const pages = new Map([[location.href.split("#")[0], document]]);
  const links = ".prose a[href]:not(.anchor, .footnote-backref), .note-part a";
  let wanted;
  let timer;

  // What of a page a link is about; of another note as a whole, its beginning.
  function partsOf(page, link) {
    let target;
    try {
      target = page.getElementById(decodeURIComponent(link.hash.slice(1)));
    } catch (malformed) {
      // Then the link names no id.
    }
    const part = target?.closest(".footnotes li, .references li, .equation, figure");
    // A footnote that stands beside the text needs no preview.
    if (part && getComputedStyle(part).position === "absolute") return [];
    if (part || page === document) return part ? [part] : [];
    if (target?.matches("h2, h3, h4, h5, h6")) return [target, target.nextElementSibling];
    const names = [".note .note-title", ".note time", ".note .prose > p"];
    return names.map((name) => page.querySelector(name)).filter(Boolean);
  }

  // A copy without ids and controls, whose links lead where they did.
  function copyOf(part, address) {
    const copy = part.cloneNode(true);
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      if (element.matches(".footnote-backref, .anchor, .copy, source")) element.remove();
      for (const name of ["id", "srcset"]) element.removeAttribute(name);
      for (const name of ["href", "src"]) {
        const link = element.getAttribute(name);
        if (link) element.setAttribute(name, new URL(link, address));
      }
    }
    return copy;
  }

  async function pageAt(address) {
    if (!pages.has(address)) {
      const text = await fetch(address).then(
        (answer) => (answer.ok ? answer.text() : ""),
        () => "",
      );
      pages.set(address, new DOMParser().parseFromString(text, "text/html"));
    }
    return pages.get(address);
  }

  // Pages are fetched from a server alone: a browser reads none from disk.
  function mayHavePreview(link) {
    if (pages.get(link.href.split("#")[0]) === document) return true;
    return /^http.*\/(#|$)/.test(link.href) && link.host === location.host;
  }

  async function show(link) {
    clearTimeout(timer);
    if (link === wanted || !mayHavePreview(link)) return;
    hide();
    wanted = link;
    const [address] = link.href.split("#");
    const page = await pageAt(address);
    const parts = partsOf(page, link);
    if (link !== wanted || !parts.length) return;
    // A page without formulas has no style sheet for them.
    const math = 'link[href*="katex"]';
    const sheet = page.querySelector(math);
    if (sheet && !document.querySelector(math)) document.head.append(copyOf(sheet, address));
    const copies = parts.filter(Boolean).map((part) => copyOf(part, address));
    preview.replaceChildren(...(parts[0].matches("li") ? copies[0].childNodes : copies));
    document.body.append(preview);
    const place = link.getBoundingClientRect();
    const room = document.documentElement.clientWidth - preview.offsetWidth - 16;
    const left = Math.max(16, Math.min(place.left, room));
    const below = place.bottom + 4;
    const fits = below + preview.offsetHeight < innerHeight || place.top < preview.offsetHeight;
    const top = fits ? below : place.top - preview.offsetHeight - 4;
    preview.style.left = `${left + scrollX}px`;
    preview.style.top = `${top + scrollY}px`;
    link.setAttribute("aria-describedby", preview.id);
  }

  function hide() {
    clearTimeout(timer);
    wanted?.removeAttribute("aria-describedby");
    wanted = undefined;
    preview.remove();
  }

  function after(time, action, link) {
    clearTimeout(timer);
    timer = setTimeout(action, time, link);
  }

  function point(element) {
    const link = element.closest?.(links);
    if (link) after(120, show, link);
    else if (element.closest?.(".preview")) clearTimeout(timer);
    else after(200, hide);
  }

  function focus(element) {
    const link = element.closest?.(links);
    if (link?.matches(":focus-visible")) show(link);
    else after(200, hide);
  }

  addEventListener("pointerover", (event) => event.pointerType === "mouse" && point(event.target));
  addEventListener("focusin", (event) => focus(event.target));
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
  // The link that was pointed at or focused when this was loaded.
  const first = document.querySelector(":is(.prose, .note-part) a:is(:hover, :focus-visible)");
  if (first && matchMedia("(hover: hover)").matches) point(first);
}
