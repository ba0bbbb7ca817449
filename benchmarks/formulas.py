"""Made-up formulas of all kinds, as notes on papers hold them: the same for the same arguments."""

import random

_GREEK = ["alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "sigma", "phi", "epsilon"]
_LETTERS = list("abcdfghkmnpqrstuvwxyz")
_FONTS = ["mathbf", "mathcal", "mathbb", "mathrm", "boldsymbol", "hat", "bar", "tilde", "vec"]
_RELATIONS = ["=", "\\le", "\\ge", "\\approx", "\\sim", "\\in", "\\propto", "\\equiv", "\\to"]

WRAPS = ("${}$", "\\({}\\)", "$latex {}$", "$${}$$", "\\[{}\\]", "$$\n{}\n$$")
"""The delimiters, inline ones first."""
INLINE = 3


def formula(rng: random.Random) -> str:
    """A formula of a kind drawn by chance: most are short, some are long or have rows."""
    kind = rng.choices(_KINDS, _WEIGHTS)[0]
    return kind(rng)


def _letter(rng: random.Random) -> str:
    letter = rng.choice(_LETTERS)
    return rng.choice(
        (letter, letter, f"\\{rng.choice(_GREEK)}", f"\\{rng.choice(_FONTS)}{{{letter}}}")
    )


def _symbol(rng: random.Random) -> str:
    scripts = ("", f"_{{{rng.choice(_LETTERS)}{rng.randrange(99)}}}", f"^{{{rng.randrange(9)}}}")
    return _letter(rng) + rng.choice(scripts)


def _relation(rng: random.Random) -> str:
    return f"{_symbol(rng)} {rng.choice(_RELATIONS)} {_symbol(rng)} + {_symbol(rng)}"


def _fraction(rng: random.Random) -> str:
    return (
        rf"\frac{{\partial {_symbol(rng)}}}{{\partial {_symbol(rng)}}} = \sqrt{{{_relation(rng)}}}"
    )


def _sum(rng: random.Random) -> str:
    index = rng.choice("ijk")
    return rf"{_symbol(rng)} = \sum_{{{index}=1}}^{{n}} \left( {_relation(rng)} \right)^2"


def _expectation(rng: random.Random) -> str:
    return (
        rf"\mathcal{{L}}({_symbol(rng)}) = -\mathbb{{E}}_{{{_symbol(rng)} \sim p}} "
        rf"\left[ \log \frac{{\exp({_symbol(rng)} / \tau)}}{{\sum_k \exp({_symbol(rng)})}} \right]"
    )


def _words(rng: random.Random) -> str:
    return rf"\operatorname{{softmax}}({_symbol(rng)}) \text{{ where }} {_relation(rng)}"


def _cases(rng: random.Random) -> str:
    return (
        rf"{_symbol(rng)} = \begin{{cases}} {_symbol(rng)} & \text{{if }} {_relation(rng)} \\ "
        r"0 & \text{otherwise} \end{cases}"
    )


def _matrix(rng: random.Random) -> str:
    rows = r" \\ ".join(" & ".join(_symbol(rng) for _ in range(3)) for _ in range(3))
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _array(rng: random.Random) -> str:
    rows = r" \\ ".join(rf"{_symbol(rng)} & = & {_relation(rng)}" for _ in range(3))
    return rf"\begin{{array}}{{rcl}} {rows} \end{{array}} \mbox{{ for }} {_letter(rng)}"


_KINDS = (_symbol, _relation, _fraction, _sum, _expectation, _words, _cases, _matrix, _array)
_WEIGHTS = (30, 30, 8, 8, 8, 6, 4, 3, 3)
