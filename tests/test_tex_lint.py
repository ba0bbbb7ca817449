"""Warnings about formulas that no renderer raises."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperblog.tex.lint import lint
from paperblog.tex.typography import typography_edits

FINDINGS = {
    # typography
    "a – b": "math-typography –",
    "a — b": "math-typography —",
    "f(x)’ = ‘": "math-typography ’, math-typography ‘",
    "“x”": "math-typography “, math-typography ”",
    "1, …, n": "math-typography …",
    "a\u00a0\u00a0b": "math-typography \u00a0\u00a0",
    "a\u2009b": "math-typography \u2009",
    "a\u200bb": "math-typography \u200b",
    r"\mathrm{a–b}": "math-typography –",
    r"\text{a – b $x–y$ ’}": "math-typography –",
    r"\text{a – b} – c": "math-typography –",
    "a − b": "",
    r"\text{“a” – ‘b’… }": "",
    r"\mbox{if} \textbf{a–b}": "",
    r"\tag{1–2} \label{a–b}": "",
    "x % a – b": "",
    "a\ufffd\ufffdb": "math-typography \ufffd\ufffd",
    r"\text{a}" + "\ufffd": "math-typography \ufffd",
    # entities and tags
    r"a <br /> b<BR>": "math-entity <br />, math-entity <BR>",
    "x<sub>1</sub>": "math-entity <sub>, math-entity </sub>",
    "a < b > c <p> a<i>": "",
    "a &lt; b": "math-entity &lt;",
    "a &amp;= b": "math-entity &amp;",
    "f&#039;(x) &#x3C; &nbsp; &quot;": (
        "math-entity &#039;, math-entity &#x3C;, math-entity &nbsp;, math-entity &quot;"
    ),
    r"\text{a &gt; b}": "math-entity &gt;",
    r"a \&lt; b": "",
    "a &b; c": "",
    r"\href{https://example.org/?a=1&amp;b=2}{x}": "",
    # primes
    "x′ + y″": "math-prime ′, math-prime ″",
    r"\text{x′}": "",
    # commands without their backslash
    "bf h": "math-bare-command bf",
    "{bf h}_t": "math-bare-command bf",
    "{bf 0}": "math-bare-command bf",
    "{cal N}": "math-bare-command cal",
    "frac{1}{2}": "math-bare-command frac",
    "mathcal{N}": "math-bare-command mathcal",
    "alpha_1 + beta^2": "math-bare-command alpha, math-bare-command beta",
    "sum_{i}": "math-bare-command sum",
    "x rightarrow y": "math-bare-command rightarrow",
    "a leq b": "math-bare-command leq",
    "x_{pi_1}": "math-bare-command pi",
    "loss{x}": "math-bare-command loss",
    "pi r": "",
    "alphabet_1": "",
    "loss_i": "",
    r"\operatorname{max_i} \mathrm{sum_i} \text{frac{1}} {\rm log_2}": "",
    r"\label{alpha_1} \tag{sum_i} \begin{frac_1}\end{frac_1}": "",
    # escapes of another Markdown
    r"\\alpha_1": r"math-escape \\alpha",
    r"\\displaystyle \\frac{1}{2}": r"math-escape \\displaystyle",
    r"x\_1 + y\_2": r"math-escape \_",
    r"\mathbf{x}\_{i}": r"math-escape \_",
    r"\sum\_k": r"math-escape \_",
    r"\mathsf{min}\_\mathsf{cost} + \text{a}\_\text{b}": "",
    r"x\_\mathrm{max}": r"math-escape \_",
    "e^{-it H} + {it x}": "math-bare-command it",
    r"max\_len = d\_model": "",
    r"\text{x\_1} \mathrm{x\_1}": "",
    r"\\{ x \\}": r"math-escape \\{",
    r"\begin{matrix} a \\{b} c \end{matrix}": "",
    r"\begin{matrix} a \\\\ b \end{matrix}": r"math-escape \\\\",
    r"\begin{matrix} a \\\\ b \\ c \end{matrix}": "",
    r"a \\ b \\[2pt] c": "",
    # prose and money
    "5 and then the price rose to": "math-prose and",
    "5 million to": "math-prose million",
    "HOME/bin and ": "math-prose bin and",
    "5k per month": "math-prose per",
    "one two three": "math-prose one two three",
    r"x > 0 and \alpha is the rate": "math-prose is the",
    r"\text{one two three}": "",
    "5 cm": "",
}
REAL = r"""
x
D_{KL}(p\|q)
\bar{x}_t = \frac{1}{7}\sum_{k=0}^{6} x_{t-k}
\mathcal{L}^{sup}_{in}\le\mathcal{L}^{sup}_{out}
{\bf h}_{t+1} \leftarrow {\bf h}_t + \frac{\alpha}{n \sigma} \sum_{i=1}^n F_i \, {\bf \epsilon}_i
{\bf \epsilon}_i \sim \mathcal{N} ({\bf 0}, {\bf I})
u = f_2^{\dagger}(q,\dot{q})(\ddot{q}^{d} - f_1(q,\dot{q}))
\underset{f_1(q,\dot{q})}{\underbrace{M(q)^{-1}[\tau_g(q) - C(q,\dot{q})\dot{q}]}}
\Delta w_{i,j} = \eta_w (A_w o_i o_j + B_w o_i + C_w o_j + D_w)
\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V
\mathrm{Attention}(Q, K, V)
x_{max} + x_{min}
L_{total} = L_{rec} + \lambda L_{reg}
\text{if } x > 0 \text{ and } y < 0
\mathbb{E}_{x\sim p(x)}[\log D(x)] + \mathbb{E}_{z}[\log(1-D(G(z)))]
\min_G \max_D V(D,G)
\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt\pi}{2}
\begin{align} a &= b \\ c &= d \end{align}
\begin{array}{rcl} x & = & y \end{array}
\begin{pmatrix} a & b \\ c & d \end{pmatrix}
f(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}
E = mc^2
a x + b y = c
ax^2 + bx + c = 0
sin(x) + cos(x)
2 \pi r
5348
10^{-4}
174.6\times10^{9}
5 \times 3
3 mod 2
5 km
O(n \log n)
\mathcal{O}(L\log L)
p(x \mid y) = \frac{p(y \mid x)\,p(x)}{p(y)}
\hat\theta = \arg\max_\theta \sum_i \log p_\theta(x_i)
\nabla_\theta J(\theta)
z'_\xi
f'(x), f''(x)
\|x\|_2^2
|P(i)|
\{1, 2, \dots, n\}
[-1,1]
\left.\frac{df}{dx}\right|_{x=0}
\sqrt[3]{x+1}
\binom{n}{k} p^k (1-p)^{n-k}
A^{-1} A = I
x \in \mathbb{R}^{n \times d}
\forall \varepsilon > 0 \; \exists \delta > 0
\lim_{n\to\infty} \left(1 + \frac1n\right)^n = e
\overline{x+y} \neq \overline{x} + \overline{y}
\text{precision} = \frac{TP}{TP + FP}
F_1 = 2 \cdot \frac{PR}{P + R}
TP FP
W^Q_i, W^K_i, W^V_i
\mathrm{head}_i = \mathrm{Attention}(QW_i^Q, KW_i^K, VW_i^V)
y_t = \mathrm{LSTM}(x_t, h_{t-1})
\operatorname{KL}(q_\phi(z|x)\,\|\,p(z))
\beta_1 = 0.9, \beta_2 = 0.999
\theta_{t+1} = \theta_t - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}
pH = -\log_{10}[\mathrm{H}^+]
\ce{H2O}
x_{test}, x_{train}
n_{heads} \times d_{head}
\text{BLEU} \uparrow
{\rm if\ and\ only\ if}
\color{red}{x} + \textcolor{blue}{y}
\href{https://example.org/a-b}{x}
a \le b \iff b \ge a
\mathbf{1}^\top \mathbf{x} = 1
dx\,dy
\frac{d}{dt} x(t) = A x(t)
ab cd
\dot x = f(x, u)
x \bmod n
(a_1 b_1, a_2 b_2)
\rho_{xy} = \frac{\operatorname{cov}(x,y)}{\sigma_x \sigma_y}
R^2 = 1 - \frac{SS_{res}}{SS_{tot}}
""".strip().splitlines()
EDITED = {
    "a – b — c": "a - b - c",
    "f’(x) + ‘": "f'(x) + '",
    "“x”": "``x''",
    "1, …, n": r"1, \dots , n",
    "1,…n": r"1,\dots n",
    "a\u00a0b\u3000c": "a b c",
    "a\u200bb\ufeff": "ab",
    "\\alpha\u200bb": r"\alpha b",
    "\\\u00a0x": r"\ x",
    "x′ + y″": "x' + y''",
    "x^{′} + y^″": r"x^{\prime } + y^\prime \prime ",
    "a − b": "a - b",
    r"\text{a – b ’ $x–y$ …} – c": r"\text{a – b ’ $x-y$ …} - c",
    r"\label{a–b} \tag{a–b}": r"\label{a–b} \tag{a–b}",
}
ANY = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("{", "}", "$", "^", "_", "\\", "%", "\n", " ", "&lt;", "–", "…", "′", "\u00a0"),
                *("\u200b", "’", "”", r"\text", r"\operatorname", r"\alpha", r"\bf", "bf ", "5 "),
                *("frac", "alpha", "leq", "and ", "the ", "x", r"\textcolor", r"\label", r"\tag"),
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=30,
).map("".join)


def edited(tex: str) -> str:
    for start, end, new in reversed(typography_edits(tex)):
        tex = tex[:start] + new + tex[end:]
    return tex


@pytest.mark.parametrize(("tex", "findings"), FINDINGS.items(), ids=FINDINGS)
def test_a_warning_names_its_place(tex: str, findings: str) -> None:
    found = [f"{f.code.name} {tex[f.start : f.end]}" for f in lint(tex, [r"\loss"])]
    assert ", ".join(found) == findings


@pytest.mark.parametrize("tex", REAL)
def test_a_real_formula_gives_no_warning(tex: str) -> None:
    assert lint(tex, [r"\R", r"\loss"]) == []
    assert typography_edits(tex) == []


def test_help_tells_what_to_write() -> None:
    texts = ("a–b", "a\u00a0b", "a\u200bb", "1…n", "x′", "a &lt; b", "frac{1}{2}")
    assert [lint(tex, ())[0].help for tex in texts] == [
        "it is typeset as -",
        "it is typeset as a blank",
        "it is left out",
        r"it is typeset as \dots",
        "write x'",
        "write <",
        r"write \frac",
    ]


@pytest.mark.parametrize(("tex", "new"), EDITED.items(), ids=EDITED)
def test_typographic_characters_are_rewritten_outside_text(tex: str, new: str) -> None:
    assert edited(tex) == new


@given(ANY)
def test_warnings_lie_inside_the_formula_in_its_order(tex: str) -> None:
    found = lint(tex, ["loss"])
    assert all(0 <= f.start < f.end <= len(tex) and f.message for f in found)
    assert [f.start for f in found] == sorted(f.start for f in found)


@given(ANY)
def test_edits_ascend_and_do_not_overlap(tex: str) -> None:
    edits = typography_edits(tex)
    assert all(0 <= start < end <= len(tex) for start, end, _ in edits)
    assert all(before[1] <= after[0] for before, after in pairwise(edits))


@pytest.mark.parametrize("piece", ["{", "bf ", "’", "…", "&lt;", r"\text{", "$", " ", "and ", "5 "])
def test_long_formulas_take_bounded_time(piece: str) -> None:
    tex = piece * (100_000 // len(piece))
    lint(tex, ())
    typography_edits(tex)
