"""A formula as one line of Unicode text."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperblog.tex.plain import plain_text

CASES = {
    # scripts
    r"D_{KL}(p\|q)": "D_KL(p‖q)",
    r"\bar{x}_t = \frac{1}{7}\sum_{k=0}^{6} x_{t-k}": "x̄_t = 1/7 Σ_{k=0}^6 x_{t−k}",
    "x^2": "x²",
    "x_{ij}": "x_ij",
    "x_{i,j}": "x_{i,j}",
    "x_0 + x_{10}": "x₀ + x₁₀",
    "x_{-1}": "x₋₁",
    "x^{n+1}": "xⁿ⁺¹",
    "x^{ab}": "x^ab",
    r"e^{-x^2/2}": "e^{−x²/2}",
    "x^2_i": "x_i²",
    r"A^\top": "Aᵀ",
    r"90^\circ": "90°",
    "x_{y_z}": "x_{y_z}",
    "{a+b}^2": "(a+b)²",
    r"\frac{a}{b}^2": "(a/b)²",
    r"\left(\frac12\right)^2": "(1/2)²",
    "o_io_j": "o_i o_j",
    "{}_a x": "_a x",
    "^2": "²",
    "z'_i": "z′_i",
    "f'' + f''' + f''''": "f″ + f‴ + f′′′′",
    r"x^\prime": "x′",
    r"x^{\prime\prime}": "x″",
    # blanks
    "a=b": "a = b",
    "a+b": "a+b",
    "a + b": "a + b",
    "-a": "−a",
    "x = -1": "x = −1",
    "f(x,y)": "f(x,y)",
    "f(x, y)": "f(x, y)",
    "1{,}000": "1,000",
    r"\alpha x": "αx",
    "x := 3": "x := 3",
    r"f\colon X\to Y": "f: X → Y",
    r"a\,b\;c\quad d~e\ f": "a b c d e f",
    r"a\!b": "ab",
    r"x\kern3pt y\hspace{1em}z": "xy z",
    "a% comment\nb": "ab",
    # letters and alphabets
    r"\mathbb R^n": "ℝⁿ",
    r"\mathcal{L} + \mathscr{B}": "ℒ + ℬ",
    r"{\cal N}(0, 1)": "𝒩(0, 1)",
    r"\mathfrak{g}": "𝔤",
    r"\mathbb{E}_{x\sim p}[f]": "𝔼_{x∼p}[f]",
    r"\mathds{1} + \mathbb{1}": "𝟙 + 𝟙",
    r"\mathbf x": "x",
    r"{\bf h}_{t+1}": "h_{t+1}",
    r"\mathrm{KL}_t": "KL_t",
    r"\varepsilon \Gamma \ell \infty": "εΓℓ∞",
    r"\unicode{x2AEB} \unicode[serif]{8477} \unicode{zz} \unicode{xD800}\unicode": "⫫ℝ",
    r"\skew3\hat{A} + {\sffamily x} \shoveleft{y}": "Â + xy",
    # operators, relations, arrows
    r"\operatorname{softmax}(x)": "softmax(x)",
    r"\operatorname*{arg\,max}_{\theta} f": "arg max_θ f",
    r"x\log x": "x log x",
    r"-\log p": "−log p",
    r"\log_2 n": "log₂ n",
    r"\sin^{-1} x": "sin⁻¹ x",
    r"\lim_{n\to\infty} (1)": "lim_{n→∞} (1)",
    r"\int_0^1 f\,dx": "∫_0^1 f dx",
    r"n\times m": "n×m",
    r"n \times m": "n × m",
    r"p(x \mid y)": "p(x | y)",
    r"\not= \quad a \not\in B": "≠ a ∉ B",
    r"a \neq b": "a ≠ b",
    r"a \equiv b \pmod{n}": "a ≡ b (mod n)",
    r"X \xrightarrow[b]{t} Y": "X →_b^t Y",
    r"\overset{!}{=}": "=^!",
    r"\underset{x}{\arg\min} f": "arg min_x f",
    # fractions and roots
    r"\frac{a+b}{c}": "(a+b)/c",
    r"\frac{1}{2a}": "1/(2a)",
    r"\frac{p(x)}{q(x)}": "p(x)/q(x)",
    r"\frac{1}{|x + y|}": "1/|x+y|",
    r"\frac{\exp(a)}{\sqrt{d_k}}": "exp(a)/√d_k",
    r"\frac{\partial L}{\partial w}": "∂L/∂w",
    r"\frac{\frac12}{3}": "(1/2)/3",
    r"\frac{3}{\frac12}": "3/(1/2)",
    r"\frac{1}{10^5}": "1/10⁵",
    r"\frac12 x": "1/2 x",
    r"{a \over b}": "a/b",
    r"\binom{n}{k} = {n \choose k}": "(n choose k) = (n choose k)",
    r"\sqrt{x}": "√x",
    r"\sqrt{x^2}": "√(x²)",
    r"\sqrt[3]{x+1}": "∛(x+1)",
    r"\sqrt[n]{x} y": "ⁿ√x y",
    r"\root 4 \of x": "∜x",
    # accents
    r"\hat\theta": "θ̂",
    r"\ddot{q}": "q̈",
    r"\hat{a}": "â",
    r"\overline{AB}": "A̅B̅",
    r"\overline{x+y}": "overline(x+y)",
    r"\vec\imath": "i⃗",
    # text
    r"\text{if } x>0": "if x > 0",
    r"a - b \text{ a-b}": "a − b a-b",
    r"\text{where $x_1^2$ is \% of a\_b}": "where x₁² is % of a_b",
    r"\text{Caf\'e}": "Café",
    r"x_{\text{in}}": "x_in",
    r"\mbox{true positives}": "true positives",
    # delimiters
    r"\left( \frac{a}{b} \right)": "(a/b)",
    r"\left.\frac{df}{dx}\right|_{x=0}": "df/dx|_{x=0}",
    r"\bigl\langle x, y \bigr\rangle": "⟨x, y⟩",
    r"\left\lVert x \right\rVert_2": "‖x‖₂",
    r"\{a\}": "{a}",
    # environments
    r"\begin{align} a &= b \\ c &= d \end{align}": "a = b; c = d",
    r"\begin{align} a &= b, \label{x}\\[2pt] c &= d \nonumber \end{align}": "a = b, c = d",
    r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}": "[a b; c d]",
    r"\begin{pmatrix} 1 \\ 0 \end{pmatrix}^\top": "(1; 0)ᵀ",
    r"\left[\begin{array}{cc} a & b \\ c & d \end{array}\right]": "[a b; c d]",
    r"\begin{array}{cc} a & b \\ c & d \end{array}": "[a b; c d]",
    r"\begin{vmatrix} a + 1 & b \end{vmatrix}": "|a+1 b|",
    r"\begin{cases} x & x>0 \\ 0 & \text{otherwise} \end{cases}": "{x, x > 0; 0, otherwise}",
    r"\sum_{\substack{i<n\\j<m}} a": "Σ_{i<n,j<m} a",
    # what goes, what passes
    r"x \label{a} \tag{1} \notag \nonumber": "x",
    r"\displaystyle \large x": "x",
    r"\color{red}x \textcolor{red}{y}": "xy",
    r"\href{https://example.org}{x}": "x",
    r"\underbrace{x}_{y}": "x_y",
    r"\underbrace{a+b}_{\text{loss}} + c": "(a+b)_loss + c",
    r"\boxed{x} \phantom{y}": "x",
    r"\foo x": "foo x",
    r"\foo{x}": "foo x",
    # pasted signs
    "a – b − c": "a − b − c",
    "f’(x) \u200b\u00a0y": "f′(x)y",
    "": "",
    "{}": "",
}

MACROS = {
    r"\R": r"\mathbb{R}",
    "KL": r"D_{\mathrm{KL}}(#1\|#2)",
    r"\loop": r"\loop",
    r"\double": r"\double\double",
    r"\norm": r"\@ifnextchar[{\norm@opt}{\norm@opt[2]}",
    r"\norm@opt[#1]#2": r"\|#2\|_#1",
}
EXPANDED = {
    r"\R^n": "ℝⁿ",
    r"\KL{p}{q}": "D_KL(p‖q)",
    r"\KL pq": "D_KL(p‖q)",
    r"\loop x": "loop x",
    r"\norm{x} + \norm[1]{y}": "‖x‖₂ + ‖y‖₁",
    r"\newcommand{\N}[1]{\mathbb{N}^{#1}} \N 2": "ℕ²",
    r"\def\half{\frac12}\half": "1/2",
    r"\DeclareMathOperator{\tr}{tr} \tr A": "tr A",
}
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("{", "}", "[", "]", "^", "_", "'", "&", r"\\", "$", "%", "#1", " ", "\n", "\\"),
                *(r"\frac", r"\sqrt", r"\left", r"\right", "(", ")", "|", "+", "-", "=", ",", ":"),
                *(r"\begin{cases}", r"\end{cases}", r"\begin{array}{c}", r"\end{array}", r"\hat"),
                *(r"\text", r"\operatorname", r"\over", r"\bf", r"\sum", r"\not", r"\xrightarrow"),
                *(r"\label", r"\kern", r"\mathbb", r"\log", r"\substack", r"\R", "x", "y", "1"),
                *(r"\def", r"\newcommand", r"\KL", r"\double", r"\norm", r"\@ifnextchar", r"\'"),
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=40,
).map("".join)
HOSTILE = {
    "nested braces": "{" * 10_000 + "x" + "}" * 10_000,
    "open braces": "{" * 100_000,
    "fractions": r"\frac" * 20_000,
    "nested fractions": r"\frac{" * 16_000,
    "accents": r"\hat" * 25_000,
    "nested accents": r"\hat{" * 20_000,
    "open delimiters": r"\left(" * 16_000,
    "open matrices": r"\begin{matrix}" * 7_000,
    "scripts": "x^" * 50_000,
    "open options": r"\sqrt[" * 16_000,
    "options of rows": r"\\[" * 33_000,
    "infixes": r"\over" * 20_000,
    "switches": r"\bf" * 33_000,
    "dollars in text": r"\text{" + "$" * 90_000 + "}",
    "definitions": r"\def\a{" * 700,
    "macros that double": r"\double",
    "macros within macros": r"\KL{" * 20_000,
}


@pytest.mark.parametrize(("tex", "plain"), CASES.items(), ids=CASES)
def test_a_formula_is_a_line_of_text(tex: str, plain: str) -> None:
    assert plain_text(tex) == plain


@pytest.mark.parametrize(("tex", "plain"), EXPANDED.items(), ids=EXPANDED)
def test_macros_are_expanded(tex: str, plain: str) -> None:
    assert plain_text(tex, MACROS) == plain


@pytest.mark.parametrize("tex", HOSTILE.values(), ids=HOSTILE)
def test_hostile_formulas_take_bounded_time(tex: str) -> None:
    begin = time.process_time()
    plain_text(tex, MACROS)
    assert time.process_time() - begin < 10


@given(PIECES)
@example("\\")
@example("\\begin")
@example(r"\left")
@example(r"\begin{array}{\end{array}}")
def test_any_text_gives_one_line_without_needless_blanks(tex: str) -> None:
    plain = plain_text(tex, MACROS)
    assert plain == " ".join(plain.split())


@given(PIECES)
def test_the_blanks_around_a_formula_mean_nothing(tex: str) -> None:
    assert plain_text(f" \n{{{tex.replace('%', '')}}}  ") == plain_text(
        f"{{{tex.replace('%', '')}}}"
    )
