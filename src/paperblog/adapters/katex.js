// The side of the math engine that runs in V8: typesets a batch of formulas with KaTeX.
//
// A batch is a list of [tex, display, macros, output]; the answer is a list of [html] for a formula that
// is typeset, and of [message, position, length] for one that is refused.

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

let commonMacros = {};

function useMacros(macros) {
  commonMacros = JSON.parse(macros);
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
    const html = katex.renderToString(prefix + tex, {
      displayMode,
      // A fresh object for every formula: \gdef writes into it.
      macros: { ...commonMacros, ...macros },
      output,
      throwOnError: true,
      strict: "ignore",
      trust,
      maxExpand: 1000,
      maxSize: 50,
    });
    return [html];
  } catch (error) {
    if (error instanceof katex.ParseError) {
      const position = (error.position ?? -1) - prefix.length;
      const message = error.rawMessage ?? error.message;
      return [message, position >= 0 ? position : null, error.length ?? null];
    }
    if (error instanceof RangeError) {
      return ["the formula is nested too deep", null, null];
    }
    return [String(error.message ?? error), null, null];
  }
}

function typesetBatch(batch) {
  return JSON.stringify(JSON.parse(batch).map(typesetOne));
}
