// The side of the math engine that runs in V8: typesets a batch of formulas with KaTeX.
//
// A batch is JSON of [tex, display, macros, output]s; in the answer, what became of each formula stands
// between NULs, two texts for each: its HTML and the classes in it, or behind a "!" JSON of
// [message, position, length] where it is refused, and nothing. HTML as JSON would cost more to
// write and read than KaTeX takes for a short formula.

const warnings = { warn() {}, log() {}, error() {} };
globalThis.console ??= warnings;

// KaTeX asks this before it makes a link or an attribute. Refusing by an exception makes it an
// error; answering "no" would print the command in red.
const SCHEMES = ["http", "https", "mailto"];

function trust({ command, url, protocol }) {
  if (command === "\\href" || command === "\\url") {
    if (SCHEMES.includes(protocol) || url.startsWith("#")) return true;
    const scheme = protocol === "_relative" ? "an address without https://" : `${protocol}:`;
    throw new katex.ParseError(`${command} may not lead to ${scheme}`);
  }
  throw new katex.ParseError(`${command} is not allowed`);
}

// Beside KaTeX's own, so that no formula's object of macros holds them again.
function useMacros(macros) {
  for (const [name, body] of Object.entries(JSON.parse(macros))) katex.__defineMacro(name, body);
  return "";
}

// A macro whose name holds a parameter text, such as `\x@opt[#1]#2`, is defined by TeX's own
// means before the formula; KaTeX's table of macros has no delimited parameters.
function definitions(macros) {
  return Object.entries(macros)
    .filter(([name]) => name.includes("["))
    .map(([name, body]) => `\\gdef${name}{${body}}`)
    .join("");
}

function typesetOne([tex, displayMode, macros, output]) {
  const prefix = definitions(macros);
  try {
    const tree = katex.__renderToDomTree(prefix + tex, {
      displayMode,
      // Of this formula alone: \gdef writes into it.
      macros,
      output,
      throwOnError: true,
      strict: "ignore",
      trust,
      maxExpand: 1000,
      maxSize: 50,
    });
    return markupOf(tree);
  } catch (error) {
    if (error instanceof katex.ParseError) {
      const position = (error.position ?? -1) - prefix.length;
      const message = error.rawMessage ?? error.message;
      return refusal(message, position >= 0 ? position : null, error.length ?? null);
    }
    if (error instanceof RangeError) {
      return refusal("the formula is nested too deep", null, null);
    }
    return refusal(String(error.message ?? error), null, null);
  }
}

function refusal(...parts) {
  return "!" + JSON.stringify(parts) + "\0";
}

// `\char"D800` makes half a character, which is no text outside JavaScript.
function typesetBatch(batch) {
  return JSON.parse(batch).map(typesetOne).join("\0").toWellFormed();
}
