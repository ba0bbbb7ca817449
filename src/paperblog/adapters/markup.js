// KaTeX's tree of a formula as the markup that KaTeX itself makes of it, in half the time, and the
// classes of its elements on the way.
//
// It differs in two things: KaTeX looks at the names of attributes, and these are all its own, since
// `\htmlData` is refused. And where it puts a space into an operator, as in `\mathop{a \quad b}`, a
// browser would take `<mspace/>` for HTML that is never closed, and what follows for a part of it.

const sample = katex.__renderToDomTree("x", { output: "mathml" }).children[0];
const { Span, Anchor, SymbolNode } = katex.__domTree;
const MathNode = sample.constructor;
const TextNode = firstLeaf(sample).constructor;

const TOKENS = new Set(["mo", "mi", "mn", "ms", "mtext"]);
const SPACE = /^<mspace([^<>]*)\/>$/;

const SPECIAL = /[&><"'\0]/;
const EVERY_SPECIAL = /[&><"'\0]/g;
const ESCAPES = { "&": "&amp;", ">": "&gt;", "<": "&lt;", '"': "&quot;", "'": "&#x27;", "\0": "\ufffd" };

const properties = new Map();
const margins = new Map();

// There are few lists of classes, and most formulas have the same: from each name on a map leads to
// the next one, and at the end it is known what is written. A list that was met in this formula has
// its number, and its names are among the classes.
const lists = { names: [], written: "", next: new Map(), formula: 0 };
let formula = 0;
let classes = new Set();

function firstLeaf(node) {
  return node.children ? firstLeaf(node.children[0]) : node;
}

// The markup of a tree, and behind a NUL the classes of its elements.
function markupOf(tree) {
  formula += 1;
  classes = new Set();
  const markup = written(tree);
  // V8 puts the pieces of a text together when a character is asked for; they are at hand now.
  markup.charCodeAt(0);
  return markup + "\0" + [...classes].join(" ");
}

function written(node) {
  switch (node.constructor) {
    case SymbolNode:
      return symbol(node);
    case Span:
      return element("span", node);
    case TextNode:
      return escaped(node.text);
    case MathNode:
      return mathElement(node);
    case Anchor:
      return element("a", node);
  }
  // Of the rest a fragment alone has classes in it. It has attributes no more than a tag.
  if (node.children && !node.attributes) return node.children.map(written).join("");
  return node.toMarkup().replaceAll("\0", "\ufffd");
}

function symbol(node) {
  let tag = node.classes.length ? '<span class="' + classesOf(node.classes) + '"' : "";
  let style = node.italic > 0 ? marginOf(node.italic) : "";
  style += styleOf(node.style);
  if (style) tag = (tag || "<span") + ' style="' + escaped(style) + '"';
  const text = escaped(node.text);
  return tag ? tag + ">" + text + "</span>" : text;
}

function element(name, node) {
  let markup = "<" + name;
  if (node.classes.length) markup += ' class="' + classesOf(node.classes) + '"';
  const style = styleOf(node.style);
  if (style) markup += ' style="' + escaped(style) + '"';
  markup += attributesOf(node) + ">";
  const children = node.children;
  for (let i = 0; i < children.length; i++) markup += written(children[i]);
  return markup + "</" + name + ">";
}

function mathElement(node) {
  let markup = "<" + node.type + attributesOf(node);
  if (node.classes.length) markup += ' class ="' + classesOf(node.classes) + '"';
  markup += ">";
  const children = node.children;
  const isNest = children[0] && children[0].constructor !== TextNode && TOKENS.has(node.type);
  for (let i = 0; i < children.length; i++) {
    const child = written(children[i]);
    markup += isNest ? child.replace(SPACE, "<mspace$1></mspace>") : child;
  }
  return markup + "</" + node.type + ">";
}

function attributesOf(node) {
  let attributes = "";
  for (const name in node.attributes) {
    attributes += " " + name + '="' + escaped(node.attributes[name]) + '"';
  }
  return attributes;
}

function styleOf(style) {
  let declarations = "";
  for (const name in style) {
    const value = style[name];
    if (value !== undefined) {
      let property = properties.get(name);
      if (property === undefined) {
        property = name.replace(/[A-Z]/g, "-$&").toLowerCase() + ":";
        properties.set(name, property);
      }
      declarations += property + value + ";";
    }
  }
  return declarations;
}

// An italic correction comes from the metrics of a font, so there are not many.
function marginOf(italic) {
  let margin = margins.get(italic);
  if (margin === undefined) {
    margin = "margin-right:" + +italic.toFixed(4) + "em;";
    margins.set(italic, margin);
  }
  return margin;
}

function classesOf(names) {
  let list = lists;
  for (let i = 0; i < names.length; i++) {
    if (names[i]) list = list.next.get(names[i]) ?? longer(list, names[i]);
  }
  if (list.formula !== formula) {
    list.formula = formula;
    for (const name of list.names) classes.add(name);
  }
  return list.written;
}

function longer(list, name) {
  const names = [...list.names, name];
  const next = { names, written: escaped(names.join(" ")), next: new Map(), formula: 0 };
  list.next.set(name, next);
  return next;
}

function escaped(value) {
  const text = String(value);
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, (special) => ESCAPES[special]) : text;
}
