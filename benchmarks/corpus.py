"""A made-up blog of any size, the same for the same arguments: what the benchmarks build."""

import random
from pathlib import Path

_VOCABULARY = (
    "the of attention model sequence and weights gradient a loss is in layer bound sample network "
    "to we matrix rank projection with norm training target representation variance hash bucket "
    "for kernel distance class negative positive entropy signal frequency phase basis filter lift"
)
_WORDS = _VOCABULARY.split()
_LETTERS = ["x", "y", "z", "u", "v", "w", "p", "q", "r", "s", "t"]
_DISTINCT = 0.7


def write_corpus(folder: Path, notes: int, formulas: int, words: int = 600) -> None:
    """Write a site of `notes` notes into `folder`, each with `formulas` formulas.

    A note has about `words` words, a nested list, a table, a footnote, two code blocks and links;
    about 70% of all formulas are distinct.
    """
    (folder / "notes").mkdir(parents=True, exist_ok=True)
    configuration = 'title = "Benchmark"\nbase_url = "https://example.org/"\n'
    (folder / "paperblog.toml").write_text(configuration, encoding="utf-8")
    for number in range(notes):
        text = _note(number, notes, formulas, words)
        (folder / "notes" / f"note-{number:06}.md").write_text(text, encoding="utf-8")


def _note(number: int, notes: int, formulas: int, words: int) -> str:
    rng = random.Random(number)
    tex = [_formula(rng, number, index) for index in range(formulas)]
    display = tex[: len(tex) // 3]
    inline = tex[len(display) :]
    other = f"note-{rng.randrange(notes):06}.md"
    paragraphs = _paragraphs(rng, inline, words)
    parts = [
        f"---\ntitle: Note {number} on {_sentence(rng, 3)}\n"
        f"date: {2000 + number % 20}-{number % 12 + 1:02}-{number % 28 + 1:02}\n"
        f"category: Category {number % 10}\ntags: [tag {number % 7}, tag {number % 13}]\n---\n",
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
        f"- {_sentence(rng, 6)}\n  - {_sentence(rng, 5)}\n    - {_sentence(rng, 4)}"
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
