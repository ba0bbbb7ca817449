"""A made-up blog of any size, the same for the same arguments: what the benchmarks build."""

import random
from dataclasses import dataclass
from pathlib import Path

_VOCABULARY = (
    "the of attention model sequence and weights gradient a loss is in layer bound sample network "
    "to we matrix rank projection with norm training target representation variance hash bucket "
    "for kernel distance class negative positive entropy signal frequency phase basis filter lift"
)
_WORDS = _VOCABULARY.split()
_LETTERS = ["x", "y", "z", "u", "v", "w", "p", "q", "r", "s", "t"]
_DISTINCT = 0.7


@dataclass(frozen=True)
class Corpus:
    """A blog of `notes` notes, each with `formulas` formulas and about `words` words.

    A note has a nested list, a table, a footnote, two code blocks in two languages, and links to
    another note and elsewhere; about 70% of all formulas are distinct.
    """

    notes: int
    formulas: int
    words: int = 600

    @property
    def name(self) -> str:
        """How tables name it."""
        short = "" if self.words == 600 else " short"
        return f"{self.notes:,}{short} × {self.formulas}"


def file_name(number: int) -> str:
    """The file of a note."""
    return f"note-{number:06}.md"


def newest(corpus: Corpus) -> int:
    """The number of the note with the last date, which lists of the newest notes show."""
    return max(range(corpus.notes), key=_date)


def write_corpus(
    folder: Path, corpus: Corpus, link: str = "{}", front_matter: str = "yaml"
) -> None:
    """Write the notes into `folder`; `link` is how one note's file is named in another's link.

    `front_matter` is `yaml` between lines of dashes, or `plain`: keys with values as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(corpus.notes):
        text = _note(number, corpus, link, front_matter)
        (folder / file_name(number)).write_text(text, encoding="utf-8")


def _note(number: int, corpus: Corpus, link: str, front_matter: str) -> str:
    formulas, words = corpus.formulas, corpus.words
    rng = random.Random(number)
    tex = [_formula(rng, number, index) for index in range(formulas)]
    display = tex[: len(tex) // 3]
    inline = tex[len(display) :]
    other = link.format(file_name(rng.randrange(corpus.notes)))
    paragraphs = _paragraphs(rng, inline, words)
    parts = [
        _front_matter(rng, number, front_matter),
        *paragraphs[:2],
        "## Method",
        *(f"$$\n{formula}\n$$" for formula in display),
        *paragraphs[2:4],
        _list(rng),
        f"See [the other note]({other}) and <https://example.org/{number}>.[^1]",
        "## Results",
        _table(rng),
        *paragraphs[4:],
        f"```python\n{_code(rng)}```",
        f"```c\n{_c_code(rng)}```",
        f"[^1]: {_sentence(rng, 12)}.",
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(rng: random.Random, number: int, form: str) -> str:
    tags = ", ".join(dict.fromkeys((f"tag {number % 7}", f"tag {number % 13}")))
    lines = [
        f"title: Note {number} on {_sentence(rng, 3)}",
        f"date: {_date(number)}",
        f"category: Category {number % 10}",
        f"tags: [{tags}]" if form == "yaml" else f"tags: {tags}",
    ]
    fence = ["---"] if form == "yaml" else []
    return "\n".join([*fence, *lines, *fence]) + "\n"


def _date(number: int) -> str:
    return f"{2000 + number % 20}-{number % 12 + 1:02}-{number % 28 + 1:02}"


def _formula(rng: random.Random, number: int, index: int) -> str:
    """A formula of its own, or one of a hundred that all notes share."""
    if rng.random() > _DISTINCT:
        rng, number, index = random.Random(rng.randrange(100)), 0, 0
    a, b = rng.sample(_LETTERS, 2)
    subject = rf"{a}_{{{number},{index}}}"
    return rng.choice(
        [
            rf"{subject} = \sum_{{i=1}}^{{n}} {b}_i^2",
            rf"\frac{{\partial {subject}}}{{\partial {b}}} \le \sqrt{{{b} + 1}}",
            rf"\mathcal{{L}}({subject}) = -\log \frac{{e^{{{a}}}}}{{\sum_k e^{{{b}_k / \tau}}}}",
            rf"{subject} \in \mathbb{{R}}^{{n \times d}}",
            rf"\| {subject} - {b} \|_2 \to 0",
        ]
    )


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words))


def _paragraphs(rng: random.Random, inline: list[str], words: int) -> list[str]:
    """Six paragraphs with the inline formulas spread among them."""
    paragraphs = []
    for part in range(6):
        mine = inline[part::6]
        text = _sentence(rng, words // 7) + "".join(
            f" where ${tex}$ {_sentence(rng, 4)}" for tex in mine
        )
        paragraphs.append(text[:1].upper() + text[1:] + ", *indeed* **so**.")
    return paragraphs


def _list(rng: random.Random) -> str:
    return "\n".join(
        f"- {_sentence(rng, 6)}\n    - {_sentence(rng, 5)}\n        - {_sentence(rng, 4)}"
        for _ in range(3)
    )


def _table(rng: random.Random) -> str:
    rows = [f"| {_sentence(rng, 2)} | {rng.random():.3f} |" for _ in range(4)]
    return "\n".join(["| method | accuracy |", "|---|---:|", *rows])


def _code(rng: random.Random) -> str:
    name = rng.choice(_WORDS)
    return (
        f"def {name}_{rng.randrange(1000)}(x: list[float]) -> float:\n"
        f'    """Return the {name} of x."""\n'
        f"    total = 0.0\n    for index, value in enumerate(x):\n"
        f"        total += value * {rng.random():.4f} ** index  # decay\n"
        f"    return total / max(len(x), 1)\n" * 2
    )


def _c_code(rng: random.Random) -> str:
    return (
        f"static double step_{rng.randrange(1000)}(const double *x, size_t n) {{\n"
        "    double sum = 0;\n    for (size_t i = 0; i < n; i++)\n        sum += x[i] * x[i];\n"
        "    return sqrt(sum);\n}\n" * 2
    )
