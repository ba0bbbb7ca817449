"""KaTeX's style sheet cut down: nothing that a reader sees or that a browser loads changes."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import pytest

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import Formula, Typeset
from paperblog.tex.stylesheet import fonts_of, prune

pytestmark = pytest.mark.katex

# Between them these reach every class of the sheet but those below.
FORMULAS = (
    r"x",
    r"",
    r"E = mc^2",
    r"a_1^2 + {}_2F_1'' - x_{i_{j_k}}^{2^{2^2}}",
    r"\frac{a+b}{\frac{c}{\dfrac{d}{\tfrac{e}{f}}}} + \cfrac{1}{1+\cfrac{1}{2}}",
    r"\binom{n}{k} \dbinom{n}{k} \genfrac[]{0pt}{1}{a}{b} \genfrac{<}{>}{2pt}{0}{a}{b}",
    r"\sqrt{2} + \sqrt[3]{\frac{x}{y}} + \sqrt{\sqrt{\sqrt{\displaystyle\sum_{i=1}^n x_i}}}",
    r"\sum_{i=1}^{n} \prod_j \int_0^\infty \oint\nolimits_C \iint\limits_D \bigcup \coprod^n",
    r"\textstyle \sum_{i=1}^{n} \int\limits_0^1 \lim_{x \to 0} \max_y \arg\min_\theta",
    r"\displaystyle \operatorname*{arg\,max}_{x} \operatorname{KL}(p \| q) \mathop{f}\limits_a^b",
    r"\sum_{\substack{i<j \\ j \in J}} \sum_{\begin{subarray}{l} a \\ bc \end{subarray}} a_{ij}",
    r"\left( \frac{a}{b} \middle| \frac{\frac{c}{d}}{e} \right] \left. x \right\rvert_0",
    r"\big( \Big[ \bigg\{ \Bigg\langle x \Bigg\rangle \bigg\} \Big] \big)",
    r"\left\{\begin{matrix}a\\b\\c\\d\\e\\f\end{matrix}\right. \left\Uparrow\rule{1em}{5em}\right|",
    r"\left\lgroup\rule{0pt}{6em}\right\rmoustache \Biggl/ \Biggm\vert \Biggr\backslash",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} \begin{vmatrix} a & b \\ c & d \end{vmatrix}",
    r"\begin{bmatrix} \ddots & \vdots \\[1em] \cdots & \ldots \end{bmatrix}_{n \times n}",
    r"\begin{array}{|l||c:r|} \hline a & b & c \\ \hdashline d & e & f \\ \hline\hline\end{array}",
    r"f(x) = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{rcases} a \\ b \end{rcases} \Rightarrow \begin{dcases} \frac12 \\ 2 \end{dcases}",
    r"\begin{aligned} a &= b + c \\ &= d \end{aligned} \begin{gathered} a \\ bcd \end{gathered}",
    r"\begin{align} a &= b \\ c &= d \tag{3.1} \\ e &= f \nonumber \end{align}",
    r"\begin{equation} \nabla \cdot E = \rho \end{equation}",
    r"\begin{gather*} a = b \\ c = d + e \end{gather*}",
    r"\begin{alignat}{2} 10 &x + {}& 3 &y = 2 \\ 3 &x + {}& 13 &y = 4 \end{alignat}",
    r"\begin{split} a &= b \\ &= c \end{split} \tag{$*$}",
    r"x \tag*{Euler} = y",
    r"\begin{CD} A @>a>> B @<b<< C \\ @VlVrV @AAsA @| \\ D @= E @. F \end{CD}",
    r"\hat a \tilde b \bar c \vec d \dot e \ddot f \check g \breve h \acute i \grave j \mathring k",
    r"\widehat{abc} \widetilde{abcd} \widecheck{xyz} \overline{AB} \underline{cd} \utilde{AB}",
    r"\overrightarrow{AB} \overleftarrow{CD} \overleftrightarrow{EF} \overlinesegment{GH}",
    r"\underrightarrow{ab} \underleftrightarrow{cd} \overleftharpoon{ef} \Overrightarrow{gh}",
    r"\overbrace{a+b+c}^{n} + \underbrace{x_1 + x_2}_{\text{two}} \overgroup{ab} \undergroup{cd}",
    r"\overbracket{a + b}^x \underbracket{c + d}_y",
    r"A \xrightarrow[\text{under}]{\text{over}} B \xleftarrow{f} C \xRightarrow{} D \xmapsto{g} E",
    r"A \xrightleftharpoons{k} B \xtofrom{ab} C \xlongequal{d} D \xhookrightarrow{i} E",
    r"\cancel{x} + \bcancel{5y} + \xcancel{ABC} + \sout{gone} + \not= + \cancel{\frac{1}{2}}",
    r"\boxed{a^2 + b^2} + \fbox{text $x$} + \colorbox{yellow}{$z$} + \fcolorbox{red}{aqua}{ab}",
    r"\textcolor{red}{x} + \color{#228B22} y + \frac{1}{z}",
    r"a_{\angl{n}} + \angln \phase{-78^\circ}",
    r"\mathrm{Ab} \mathbf{Ab} \mathit{Ab} \mathsf{Ab} \mathtt{Ab} \mathnormal{Ab} \mathcal{AB}",
    r"\mathbb{RNZ} \mathfrak{gA} \mathscr{LF} \boldsymbol{\alpha x\Gamma} \bm{\nabla} \pmb{y}",
    r"\mathbf{\mathfrak{A}} \mathsfit{xyz} \mathbf{\Gamma} \mathit{\Delta} \Bbbk \hbar \imath",
    r"𝐀 𝑨 𝒜 𝓐 𝔄 𝕬 𝔸 𝖠 𝗔 𝘈 𝙰 𝟎 𝟬",
    r"\text{plain \textbf{bold \textit{both}} \textit{slanted \textbf{both}} \texttt{code}}",
    r"\textsf{sans \textbf{bold} \textit{slanted}} \textrm{roman} \emph{word}",
    r"\textbf{\textsf{cd} $x+\mathcal{C}+\mathfrak{g}$} \text{ä ö ñ — “quoted” 5\,\%}",
    r"\text{𝐀 𝑨 𝒜 𝓐 𝔄 𝕬 𝔸 𝖠 𝗔 𝘈 𝙰} \textbf{\textit{𝔄 a}} \mathbf{𝔄} \textit{\textbf{$\alpha$ β}}",
    r"\textmd{medium} \textup{upright \textit{not}} \textnormal{normal} {\rm old} {\bf style}",
    r"\text{кириллица, 日本語 한국 देव α}",
    r"\verb|code & more| + \text{\# \$ \& \_ \{ \} \textbackslash}",
    r"\tiny a \scriptsize b \footnotesize c \small d \normalsize e \large f \Large g \huge h",
    r"\sixptsize x_i y^2 \LARGE \sqrt[n]{x^i} \huge x_{i^2} \Large x_{i_j} \large x^{i^j}",
    r"\Huge x_{i^2} \frac{\tiny a}{\LARGE b} \sqrt{\text{\small small $\sum_i y$}}",
    r"x_{\large y_{\tiny z}} \scriptstyle \frac{a}{b} \scriptscriptstyle c \displaystyle \sum_i",
    r"a \, b \: c \; d \! e \quad f \qquad g \hspace{1cm} h ~ i \kern3mu j \mskip1em k \enspace",
    r"\phantom{abc} x \hphantom{y} z \vphantom{\sum} \smash{\frac{a}{b}} \smash[b]{y}_i",
    r"\llap{ab} c \rlap{/}{=} \mathclap{abcdef} \mathllap{x} \mathrlap{y} \clap{z}",
    r"\sum_{\mathclap{1 \le i \le j \le n}} x_{ij} \rule[-1mm]{1em}{2ex} \raisebox{2pt}{up} a",
    r"\overset{!}{=} \underset{n\to\infty}{\longrightarrow} \stackrel{d}{\sim} \overset{a}{b}",
    r"a < b \le c \leqslant d \ll e \subseteq f \in g \notin h \perp i \parallel j \models k",
    r"\alpha\beta\gamma\Gamma\varepsilon\vartheta\digamma\aleph\beth\ell\wp\Re\Im\eth\partial",
    r"\to \mapsto \hookrightarrow \rightsquigarrow \leftrightharpoons \iff \implies \nexists",
    r"\square \blacksquare \lozenge \bigstar \maltese \circledR \checkmark \copyright \pounds \S",
    r"p \pmod{m} + a \bmod b + \gcd(a, b) + \bra{\psi} \ket{\phi} \braket{a|b} \Set{x | x<1}",
    r"\KaTeX \LaTeX \TeX \text{\KaTeX}",
    r"\mathchoice{D}{T}{S}{SS} \vcenter{\frac{a}{b}} \mathbin{x} \mathrel{y} \mathinner{z}",
    r"a \\ b \newline c",
    r"\href{https://example.org/}{x^2} \text{\url{https://example.org/a_b}}",
    r"\bigl(\begin{smallmatrix} a & b \\ c & d \end{smallmatrix}\bigr)",
    r"\char`a \pmb{\bigcirc} \mathop{\rm sinc} \reflectbox{R} \mathreflectbox{\int}",
    r"\iiint \oiint \oiiint \intop \smallint \bigsqcup \biguplus \bigotimes \bigodot \bigwedge",
    r"\longmapsto \overbrace{\underline{\overline{\hat{x}}}}^{\tilde y} \dddot{x} \ddddot{y}",
    r"\html@mathml{a}{b} \mathstrut \,\text{\c{c} \'e \`a \^o \"u \H{o} \v{s} \r{a} \i \j \o \ss}",
    r"\tt\int\sf x \bf y \it z \cal K \frak g",
    r"-\infty\degree \text{\textdegree} \mathellipsis \dotsb \dotsi \coloneqq \vcentcolon",
)

# Classes without a rule: what kind of atom an element is, where a line may break, which font to
# fall back on, and where spacing comes from.
STRUCTURAL = frozenset(
    name
    for names in (
        "mord mop mbin mrel mopen mclose mpunct minner mtight allowbreak nobreak",
        "text textmd textup accentunder colorbox vcenter delimsizinginner",
        "latin_fallback cyrillic_fallback brahmic_fallback cjk_fallback hangul_fallback",
    )
    for name in names.split()
)
# Classes that no formula has: KaTeX's options and its version, and what is left of older releases.
UNREACHED = frozenset(("fleqn", "leqno", "katex-version", "fontsize-ensurer", "mainrm"))


@cache
def sheet() -> str:
    return (katex_folder() / "katex.min.css").read_text(encoding="utf-8")


@cache
def engine() -> Katex:
    return Katex(katex_folder())


@cache
def outcomes(tex: str) -> tuple[Typeset, ...]:
    """A formula displayed and, where it can stand there, in a line."""
    formulas = [
        Formula("key", tex, tex, "html", display, (), 0, len(tex), ((0, 0),))
        for display in (True, False)
    ]
    displayed, inline = engine().typeset(formulas)
    assert isinstance(displayed, Typeset), displayed
    return (displayed, inline) if isinstance(inline, Typeset) else (displayed,)


def typeset(tex: str) -> str:
    """The same as HTML."""
    displayed, *inline = outcomes(tex)
    return displayed.html + "".join(f"<p>Text {one.html} text</p>" for one in inline)


def all_formulas() -> str:
    return "".join(map(typeset, FORMULAS))


def without_faces(css: str) -> str:
    return re.sub(r"@font-face\{[^}]*\}", "", css)


def named(css: str) -> frozenset[str]:
    """The classes that a sheet names."""
    return frozenset(re.findall(r"\.([a-z][\w-]*)", without_faces(css), re.IGNORECASE))


# ------------------------------------------------------------------ classes


class ClassReader(HTMLParser):
    """The classes of all elements, as a parser of HTML finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update((dict(attrs).get("class") or "").split())


def classes_of(html: str) -> frozenset[str]:
    reader = ClassReader()
    reader.feed(html)
    return frozenset(reader.found)


@pytest.mark.parametrize("tex", FORMULAS)
def test_the_classes_of_a_formula_are_those_that_its_elements_have(tex: str) -> None:
    for typeset in outcomes(tex):
        names = typeset.classes.split()
        assert set(names) == classes_of(typeset.html)
        assert len(set(names)) == len(names)


def test_what_looks_like_an_attribute_in_a_formulas_text_is_none() -> None:
    (displayed, inline) = outcomes(r'\text{class="no"}')
    assert "class=" in displayed.html.replace("&quot;", '"')
    assert "no" not in (displayed.classes + " " + inline.classes).split()


def test_every_class_of_a_formula_is_known() -> None:
    assert classes_of(all_formulas()) - named(sheet()) == STRUCTURAL


def test_the_formulas_of_these_tests_reach_every_class_of_the_sheet() -> None:
    assert named(sheet()) - classes_of(all_formulas()) == UNREACHED


def test_sheet_script_and_fonts_are_of_one_version() -> None:
    folder = katex_folder()
    version = (folder / "VERSION").read_text(encoding="utf-8").strip()
    script = (folder / "katex.min.js").read_text(encoding="utf-8")
    assert re.findall(r'\bversion:"([^"]*)"', script) == [version]
    assert re.findall(r'\.katex-version:+after\{content:"([^"]*)"\}', sheet()) == [version]
    assert list(fonts_of(sheet())) == sorted(path.name for path in (folder / "fonts").iterdir())


# ------------------------------------------------------------------ rules


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{x:y}.no{x:y}", ".a{x:y}"),
        (".a .b{x:y}.a .no{x:y}", ".a .b{x:y}"),
        (".a.b>span{x:y}.a.no>span{x:y}", ".a.b>span{x:y}"),
        (".a,.no,.b .no,.b{x:y}", ".a,.b{x:y}"),
        (".a1{x:y}.a-b{x:y}.ab{x:y}", ""),
        (".a:before,.no:after{content:''}", ".a:before{content:''}"),
        (".a svg,.a *,.no svg{x:y}", ".a svg,.a *{x:y}"),
        (".a:not(.no){x:y}.no:not(.a){x:y}", ".a:not(.no){x:y}"),
        (".a:is(.no,.b:not(.no)),.no:is(.a,.b){x:y}", ".a:is(.no,.b:not(.no)){x:y}"),
        (".a[href='.no,.no']{x:y}.no[class]{x:y}", ".a[href='.no,.no']{x:y}"),
        (r".a\:no{x:y}", r".a\:no{x:y}"),
        ("body{counter-reset:n}.no{x:y}", "body{counter-reset:n}"),
        ('.a{content:"}.no{"}.no{content:"{;"}', '.a{content:"}.no{"}'),
        (".a{background:url(a;b,{c}.png)}.no{x:y}", ".a{background:url(a;b,{c}.png)}"),
        ("/*! .no{ */.a{x:y}/* } */", ".a{x:y}"),
        ("@media print{.a{x:y}.no{x:y}}", "@media print{.a{x:y}}"),
        ("@media print{.no{x:y}}.a{x:y}", ".a{x:y}"),
        (
            "@supports (x:y){@media (min-width:9px){.no,.b{x:y}}}",
            "@supports (x:y){@media (min-width:9px){.b{x:y}}}",
        ),
        ('@charset "utf-8";.a{x:y}', '@charset "utf-8";.a{x:y}'),
        ("@keyframes k{from{x:y}to{x:z}}.no{x:y}", "@keyframes k{from{x:y}to{x:z}}"),
    ],
)
def test_a_rule_stays_where_something_can_match_it(css: str, kept: str) -> None:
    assert prune(css, ("a", "b")) == kept


def test_a_sheet_whose_classes_are_all_used_loses_only_fonts_of_other_formats() -> None:
    whole = re.sub(r",url\([^)]*\) format\(\"(?:woff|truetype)\"\)", "", sheet())
    assert "truetype" not in whole
    assert prune(sheet(), named(sheet())) == whole.strip()


def test_a_pruned_sheet_pruned_again_stays_as_it_is() -> None:
    for tex in FORMULAS:
        once = prune(sheet(), classes_of(typeset(tex)))
        assert prune(once, classes_of(typeset(tex))) == once


def test_the_order_of_the_classes_does_not_matter() -> None:
    classes = sorted(classes_of(all_formulas()))
    assert prune(sheet(), classes) == prune(sheet(), classes[::-1])


def test_what_one_formula_keeps_all_formulas_keep() -> None:
    together = prune(sheet(), classes_of(all_formulas()))
    for tex in FORMULAS:
        alone = prune(sheet(), classes_of(typeset(tex)))
        assert set(fonts_of(alone)) <= set(fonts_of(together))
        assert len(alone) <= len(together)


def test_without_a_formula_nothing_of_the_sheet_is_left_but_its_counters() -> None:
    assert prune(sheet(), ()) == "body{counter-reset:katexEqnNo mmlEqnNo}"


# ------------------------------------------------------------------ fonts


def faces(*kinds: str) -> str:
    """A sheet's faces of the family F, each given as `weight style`."""
    rule = "@font-face{{font-family:F;font-weight:{0};font-style:{1};src:url(f/{0}-{1}.woff2)}}"
    return "".join(rule.format(*kind.split()) for kind in kinds)


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("font-family:F", ["400-normal"]),
        ("font:normal 1.2em/1.3 G,F,serif", ["400-normal"]),
        ("font-family:'F'", ["400-normal"]),
        ("font-family:F;font-weight:700", ["400-normal", "700-normal"]),
        ("font-family:F}.a .b{font-weight:bold!important", ["400-normal", "700-normal"]),
        ("font-family:F;font-style:oblique 9deg", ["400-italic", "400-normal"]),
        (
            "font:italic bold 12px/700% F",
            ["400-italic", "400-normal", "700-italic", "700-normal"],
        ),
        ("font-family:F;font-weight:900", ["400-normal", "700-normal"]),
        ("font-family:var(--f)", ["400-italic", "400-normal", "700-italic", "700-normal"]),
        (
            "font-family:F;font-weight:bolder",
            ["400-italic", "400-normal", "700-italic", "700-normal"],
        ),
        ("font-family:F}.no{font-weight:700;font-style:italic", ["400-normal"]),
        ("font-family:F2,G-F,F-G", []),
        ("font-size:400px", []),
    ],
)
def test_a_face_stays_where_rules_can_ask_for_it(rule: str, kinds: list[str]) -> None:
    css = faces("400 normal", "400 italic", "700 normal", "700 italic") + f".a{{{rule}}}"
    assert fonts_of(prune(css, ("a", "b"))) == tuple(f"{kind}.woff2" for kind in kinds)


def test_a_family_without_the_face_asked_for_keeps_the_nearest() -> None:
    css = faces("400 italic", "700 italic") + ".a{font-family:F}"
    assert fonts_of(prune(css, ("a",))) == ("400-italic.woff2",)


def test_a_face_of_many_weights_stays_with_its_family() -> None:
    css = faces("100_900 normal", "400 normal").replace("_", " ") + ".a{font-family:F}"
    assert fonts_of(prune(css, ("a",))) == ("100 900-normal.woff2", "400-normal.woff2")


def test_faces_inside_a_condition_are_chosen_as_well() -> None:
    css = f"@supports (x:y){{{faces('400 normal', '700 normal')}}}.a{{font-family:F}}"
    assert fonts_of(prune(css, ("a",))) == ("400-normal.woff2",)


def test_a_face_without_a_woff2_file_keeps_what_it_has() -> None:
    css = "@font-face{font-family:F;src:local(F),url(f.ttf)}.a{font-family:F}"
    assert prune(css, ("a",)) == css
    assert fonts_of(css) == ()


def test_font_names_come_without_folder_and_query_sorted_and_once() -> None:
    css = "url(b/B.woff2) url('../a/A.woff2') url(\"A.woff2?v=1\") url(C.woff)"
    assert fonts_of(css) == ("A.woff2", "B.woff2")


def test_a_plain_formula_needs_two_fonts_and_its_slanted_companion() -> None:
    pruned = prune(sheet(), classes_of(typeset("x")))
    names = ("KaTeX_Main-Italic", "KaTeX_Main-Regular", "KaTeX_Math-Italic")
    assert fonts_of(pruned) == tuple(f"{name}.woff2" for name in names)


# ------------------------------------------------------------------ in a browser

PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>A formula</title>"
    "<link rel=icon href=data:,><link rel=stylesheet href=sheet.css><body>{}</body></html>"
)
# Every element's place and size, to the last digit. Each layout can make the browser ask for
# fonts, so there is one more until none is on its way. Each begins afresh: what is left of an
# earlier one after fonts have come depends on the order in which they came. Inside of MathML,
# which is clipped to nothing, Chromium's layout is not the same each time under any sheet.
BOXES = """async () => {
    const shown = display => {
        document.body.style.display = display;
        return [...document.querySelectorAll(":not(.katex-mathml *)")].map(element => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return [element.localName, x, y, width, height];
        });
    };
    const frame = () => new Promise(requestAnimationFrame);
    let coming;
    do {
        shown("block");
        coming = [...document.fonts].filter(face => face.status === "loading");
        await Promise.all(coming.map(face => face.loaded));
        shown("none");
        await frame();
        await frame();
    } while (coming.length);
    return shown("block");
}"""


@dataclass(frozen=True)
class Look:
    """How a page looks: the boxes of its elements, a picture, and the fonts that it asked for."""

    boxes: list[list[Any]]
    picture: bytes
    fonts: frozenset[str]


Show = Callable[[str, str], Look]


class Stage(ThreadingHTTPServer):
    """Serves one page with one style sheet, and KaTeX's fonts; notes which were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), StageHandler)
        self.page, self.css = "", ""
        self.fonts: set[str] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def content(self, path: str) -> tuple[str, bytes]:
        """The media type and the bytes of what stands at a path."""
        if path == "/sheet.css":
            return "text/css", self.css.encode()
        folder, _, name = path.rpartition("/")
        if folder == "/fonts":
            self.fonts.add(name)
            return "font/woff2", (katex_folder() / "fonts" / name).read_bytes()
        return "text/html; charset=utf-8", self.page.encode()


class StageHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Stage)
        kind, content = self.server.content(self.path)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        # Else the browser would not ask again for a font that an earlier page has loaded.
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        thread = threading.Thread(target=stage.serve_forever, args=(0.05,))
        thread.start()
        yield stage
        stage.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def show(stage: Stage, require: Callable[[object, str], None]) -> Iterator[Show]:
    """Show HTML under a style sheet."""
    chromium = shutil.which("chromium")
    require(chromium, "Chromium")
    require(find_spec("playwright"), "Playwright")
    from playwright.sync_api import sync_playwright

    # Playwright leaves an event loop running in its thread; beside one, V8 does not typeset.
    with ThreadPoolExecutor(1) as thread:

        def there(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
            return thread.submit(function, *arguments, **named).result()

        driver = there(sync_playwright().start)
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = there(driver.chromium.launch, executable_path=chromium, args=arguments)
        page = there(browser.new_page, viewport={"width": 800, "height": 400})

        def look(html: str, css: str) -> Look:
            stage.page, stage.css = PAGE.format(html), css
            stage.fonts.clear()
            there(page.goto, stage.address)
            boxes = there(page.evaluate, BOXES)
            picture = there(page.screenshot, full_page=True)
            return Look(boxes, picture, frozenset(stage.fonts))

        yield look
        there(browser.close)
        there(driver.stop)


@pytest.mark.browser
@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_looks_the_same_under_the_sheet_pruned_to_it(tex: str, show: Show) -> None:
    html = typeset(tex)
    pruned = prune(sheet(), classes_of(html))
    whole, cut = show(html, sheet()), show(html, pruned)
    assert cut.boxes == whole.boxes
    assert cut.picture == whole.picture
    assert cut.fonts == whole.fonts
    assert cut.fonts <= set(fonts_of(pruned))
    assert cut.fonts or not tex


@pytest.mark.browser
def test_a_page_of_all_formulas_looks_the_same_under_one_pruned_sheet(show: Show) -> None:
    html = all_formulas()
    pruned = prune(sheet(), classes_of(html))
    assert show(html, pruned) == show(html, sheet())


@pytest.mark.browser
@pytest.mark.parametrize(
    ("tex", "name"),
    [(r"\frac{a}{b}", "vlist-t"), (r"\mathbf{x}", "mathbf"), (r"\sqrt{2}", "hide-tail")],
)
def test_these_comparisons_see_a_rule_that_is_missing(tex: str, name: str, show: Show) -> None:
    html = typeset(tex)
    whole, cut = show(html, sheet()), show(html, prune(sheet(), classes_of(html) - {name}))
    assert cut != whole
