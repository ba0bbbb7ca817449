// What a script can add to pages that are complete without it.

"use strict";

// A block of its own, so that no name meets one of a site's own scripts.
{
  // The words of the buttons, in the page's language.
  const texts = document.currentScript.dataset;

  // The theme: what the system says, unless the reader has chosen. `theme-early.js` has already set
  // a remembered choice, so that nothing flashes.
  const key = "paperblog-theme";
  const order = ["auto", "light", "dark"];
  const themeSwitch = document.querySelector(".theme-switch");

  if (themeSwitch) {
    const name = themeSwitch.querySelector("[data-theme-name]");
    const show = (theme) => (name.textContent = name.dataset[theme]);
    const chosen = () => document.documentElement.dataset.theme || "auto";
    show(chosen());
    themeSwitch.hidden = false;
    themeSwitch.addEventListener("click", () => {
      const theme = order[(order.indexOf(chosen()) + 1) % order.length];
      show(theme);
      if (theme === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      try {
        if (theme === "auto") localStorage.removeItem(key);
        else localStorage.setItem(key, theme);
      } catch (denied) {
        // The choice then holds for this page only.
      }
    });
  }

  // In a heavy text what is done to a block waits until it is about to be seen: to ask a block far
  // away for its size would lay out all that a browser has put off.
  const heavy = document.querySelector(".prose-heavy");
  function whenNear(blocks, act) {
    if (!heavy) return blocks.forEach(act);
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          observer.unobserve(entry.target);
          act(entry.target);
        }
      },
      { rootMargin: "100% 0px" },
    );
    for (const block of blocks) observer.observe(block);
  }

  // Copy buttons. The clipboard exists only in secure contexts; without it there is no button.
  if (navigator.clipboard) {
    whenNear(document.querySelectorAll(".code"), (block) => {
      const code = block.querySelector("pre");
      if (code) addCopyButton(block, texts.copy, () => code.innerText);
    });
    // An equation gets its button when it is pointed at, or its link has the focus: there may be
    // hundreds. The region scrolls and the button must not, so both stand in a wrapper.
    const offer = (event) => {
      const equation = event.target.closest?.("div.equation");
      const tex = equation?.querySelector('annotation[encoding="application/x-tex"]');
      if (!tex || equation.parentElement.className === "copyable") return;
      const focused = document.activeElement;
      const wrapper = document.createElement("div");
      wrapper.className = "copyable";
      equation.replaceWith(wrapper);
      wrapper.append(equation);
      addCopyButton(wrapper, texts.copyTex, () => tex.textContent);
      if (equation.contains(focused)) focused.focus();
    };
    addEventListener("pointerover", offer);
    addEventListener("focusin", offer);
  }

  function addCopyButton(place, text, read) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = text;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(read());
        button.textContent = texts.copied;
      } catch (denied) {
        button.textContent = texts.copyDenied;
      }
      button.classList.add("copied");
      setTimeout(() => {
        button.textContent = text;
        button.classList.remove("copied");
      }, 1600);
    });
    place.append(button);
  }

  // A region that scrolls must be reachable by keyboard; one that does not must not be a stop.
  const near = new Set();
  let waiting = 0;
  function markRegions() {
    // All reads before all writes: one layout, however many formulas there are.
    const regions = Array.from(near);
    const scrolls = regions.map(
      (region) =>
        region.scrollWidth > region.clientWidth + 1 &&
        getComputedStyle(region).overflowX === "auto",
    );
    regions.forEach((region, index) => {
      if (scrolls[index]) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    });
  }
  function markLater() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(markRegions);
  }
  const scrollable =
    ".equation, .table, .code pre, .prose :is(p, ul, ol, dd, figcaption):has(.katex)";
  whenNear(document.querySelectorAll(scrollable), (region) => {
    near.add(region);
    markLater();
  });
  addEventListener("resize", markLater);
  // Formulas get their width with their fonts.
  document.fonts.ready.then(markLater);

  // What on this page a link leads to.
  function targetOf(link) {
    try {
      return document.getElementById(decodeURIComponent(link.hash.slice(1)));
    } catch (malformed) {
      return null;
    }
  }

  // The table of contents marks the section being read: the last heading above the upper third.
  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) {
    const heading = targetOf(link);
    if (heading) links.set(heading, link);
  }
  if (links.size) {
    // The observer tells when a heading crosses the line: nothing runs while one scrolls, and
    // nothing has to be measured. Its region reaches up without end, since a jump (the key End, a
    // link) takes a heading from below the screen to above it, and it never is on it.
    const passed = new Map();
    let current;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) passed.set(entry.target, entry.isIntersecting);
        let reading;
        for (const [heading, link] of links) if (passed.get(heading)) reading = link;
        if (reading === current) return;
        current?.removeAttribute("aria-current");
        reading?.setAttribute("aria-current", "true");
        current = reading;
      },
      { rootMargin: "9999999px 0px -66% 0px" },
    );
    for (const heading of links.keys()) observer.observe(heading);
  }

  // Previews of links come with a script of their own, when the first link is pointed at or focused.
  const points = ["pointerover", "focusin"];
  function loadPreviews(event) {
    if (!event.target.closest?.(".prose a, .note-part a")) return;
    for (const point of points) removeEventListener(point, loadPreviews);
    // Not a module: a browser loads none from disk.
    const script = document.createElement("script");
    script.src = texts.previews;
    document.head.append(script);
  }
  for (const point of points) addEventListener(point, loadPreviews);

  // The search opens at the key `/`; its script is loaded only then.
  const { search, searcher } = texts;
  const typed = "input, textarea, select, [contenteditable]";
  if (search) {
    addEventListener("keydown", async (event) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      if (event.key !== "/" || modified || event.target.closest(typed)) return;
      event.preventDefault();
      const address = new URL(search, location.href).href;
      try {
        const { open } = await import(new URL(searcher, location.href));
        await open(address);
      } catch (missing) {
        location.href = address;
      }
    });
  }
}
