// Math by markdown-it with KaTeX, highlighting by Eleventy's own plug-in, links by its own too.
import { InputPathToUrlTransformPlugin } from "@11ty/eleventy";
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";
import { katex } from "@mdit/plugin-katex";
import markdownIt from "markdown-it";
import footnote from "markdown-it-footnote";

export default function (config) {
  config.setLibrary("md", markdownIt({ html: true }).use(footnote).use(katex));
  config.addPlugin(syntaxHighlight);
  config.addPlugin(InputPathToUrlTransformPlugin);
  config.addPassthroughCopy("content/style.css");
  config.addFilter("head", (list, count) => list.slice(0, count));
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addCollection("byCategory", (api) => {
    const found = {};
    for (const note of api.getFilteredByTag("posts")) {
      (found[note.data.category] ??= []).push(note);
    }
    return found;
  });
  return {
    dir: { input: "content", includes: "../_includes", output: "_site" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
  };
}
