// The side of the math engine that runs in V8: typesets a batch of formulas with KaTeX.
//
// A batch is a list of [tex, display, macros]; the answer is a list of [html] for a formula that
// is typeset, and of [message, position, length] for one that is refused.

const warnings = { warn() {}, log() {}, error() {} };
globalThis.console ??= warnings;

function typesetOne([tex, displayMode, macros]) {
  try {
    const html = katex.renderToString(tex, {
      displayMode,
      // A fresh object for every formula: \gdef writes into it.
      macros: { ...macros },
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "ignore",
      trust: false,
      maxExpand: 1000,
      maxSize: 50,
    });
    return [html];
  } catch (error) {
    if (error instanceof katex.ParseError) {
      return [error.rawMessage ?? error.message, error.position ?? null, error.length ?? null];
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
