"""What the commands of a formula are in plain text: tables of Unicode characters.

Every table's keys are names of commands without the backslash. Sources: the names of Unicode's
characters, The TeXbook's appendix F, amsmath's user's guide.
"""


def _pairs(table: str) -> dict[str, str]:
    """A table written as `name sign name sign …`."""
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


LETTERS = _pairs("""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
    varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ
    Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ
    Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω
    varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varUpsilon Υ varPhi Φ
    varPsi Ψ varOmega Ω aleph ℵ beth ℶ gimel ℷ daleth ℸ imath ı jmath ȷ ell ℓ hbar ℏ hslash ℏ
    wp ℘ Re ℜ Im ℑ eth ð mho ℧ Finv Ⅎ Game ⅁ Bbbk 𝕜 R ℝ N ℕ Z ℤ Q ℚ Reals ℝ reals ℝ natnums ℕ
    cnums ℂ Complex ℂ
    partial ∂ nabla ∇ infty ∞ infin ∞ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ emptyset ∅
    varnothing ∅ empty ∅ top ⊤ bot ⊥ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △
    triangledown ▽ square □ Box □ blacksquare ■ Diamond ◊ lozenge ◊ blacklozenge ⧫ diamondsuit ♢
    heartsuit ♡ clubsuit ♣ spadesuit ♠ flat ♭ natural ♮ sharp ♯ bigstar ★ checkmark ✓ maltese ✠
    prime ′ backprime ‵ degree ° S § P ¶ copyright © circledR ® pounds £ mathsterling £ yen ¥
    euro € surd √ dots … ldots … dotsc … dotso … mathellipsis … textellipsis … cdots ⋯ dotsb ⋯
    dotsm ⋯ dotsi ⋯ vdots ⋮ ddots ⋱ hdots … ss ß ae æ oe œ o ø aa å AE Æ OE Œ O Ø AA Å i ı j ȷ
    dag † ddag ‡ backslash \\ textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _
    textdollar $ textbraceleft { textbraceright } lq ‘ rq ’ textquoteleft ‘ textquoteright ’
    textquotedblleft “ textquotedblright ” textendash – textemdash — textdegree ° textbar |
    textless < textgreater > Vert ‖ | ‖ vert | lbrack [ rbrack ] $ $ % % # # & & _ _ - - @ @
""")

BINARIES = _pairs("""
    times × cdot ⋅ cdotp ⋅ centerdot ⋅ div ÷ pm ± mp ∓ plusmn ± ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕
    ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cap ∩ cup ∪ Cap ⋒ Cup ⋓ doublecap ⋒ doublecup ⋓ sqcap ⊓
    sqcup ⊔ uplus ⊎ wedge ∧ land ∧ vee ∨ lor ∨ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ dagger †
    ddagger ‡ diamond ⋄ bigtriangleup △ bigtriangledown ▽ triangleleft ◁ triangleright ▷
    boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ circledast ⊛ circledcirc ⊚ circleddash ⊝ dotplus ∔
    ltimes ⋉ rtimes ⋊ leftthreetimes ⋋ rightthreetimes ⋌ curlywedge ⋏ curlyvee ⋎ barwedge ⊼
    veebar ⊻ doublebarwedge ⩞ intercal ⊺ divideontimes ⋇ bigcirc ◯ unlhd ⊴ unrhd ⊵ lhd ⊲ rhd ⊳
    And &
""")

RELATIONS = _pairs("""
    le ≤ leq ≤ leqq ≦ leqslant ⩽ ge ≥ geq ≥ geqq ≧ geqslant ⩾ lt < gt > ne ≠ neq ≠ eq = ll ≪ gg ≫
    lll ⋘ ggg ⋙ equiv ≡ sim ∼ thicksim ∼ nsim ≁ simeq ≃ cong ≅ ncong ≇ approx ≈ thickapprox ≈
    approxeq ≊ asymp ≍ doteq ≐ Doteq ≑ doteqdot ≑ triangleq ≜ circeq ≗ eqcirc ≖ bumpeq ≏ Bumpeq ≎
    coloneqq ≔ coloneq ≔ colonequals ≔ Coloneqq ⩴ eqqcolon ≕ propto ∝ varpropto ∝ in ∈ isin ∈
    notin ∉ ni ∋ owns ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋
    subseteqq ⫅ supseteqq ⫆ nsubseteq ⊈ nsupseteq ⊉ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐
    sqsubseteq ⊑ sqsupseteq ⊒ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽
    precsim ≾ succsim ≿ nprec ⊀ nsucc ⊁ lesssim ≲ gtrsim ≳ lessgtr ≶ gtrless ≷ lessapprox ⪅
    gtrapprox ⪆ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ mid | nmid ∤
    parallel ∥ nparallel ∦ perp ⊥ models ⊨ vDash ⊨ Vdash ⊩ Vvdash ⊪ vdash ⊢ dashv ⊣ nvdash ⊬
    nvDash ⊭ smile ⌣ frown ⌢ bowtie ⋈ Join ⋈ between ≬ pitchfork ⋔ therefore ∴ because ∵
    trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳ colon : ratio :
    to → rightarrow → rarr → gets ← leftarrow ← larr ← leftrightarrow ↔ lrarr ↔ Rightarrow ⇒ rArr ⇒
    Leftarrow ⇐ lArr ⇐ Leftrightarrow ⇔ lrArr ⇔ implies ⟹ impliedby ⟸ iff ⟺ longrightarrow ⟶
    longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺
    mapsto ↦ longmapsto ⟼ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕
    nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀
    rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋
    rightleftarrows ⇄ leftrightarrows ⇆ rightrightarrows ⇉ leftleftarrows ⇇ upuparrows ⇈
    downdownarrows ⇊ rightsquigarrow ⇝ leadsto ⇝ leftrightsquigarrow ↭ twoheadrightarrow ↠
    twoheadleftarrow ↞ rightarrowtail ↣ leftarrowtail ↢ dashrightarrow ⇢ dashleftarrow ⇠
    nrightarrow ↛ nleftarrow ↚ nleftrightarrow ↮ nRightarrow ⇏ nLeftarrow ⇍ nLeftrightarrow ⇎
    Rrightarrow ⇛ Lleftarrow ⇚ circlearrowleft ↺ circlearrowright ↻ curvearrowleft ↶
    curvearrowright ↷ looparrowleft ↫ looparrowright ↬ multimap ⊸ restriction ↾ upharpoonright ↾
    upharpoonleft ↿ downharpoonright ⇂ downharpoonleft ⇃
    xrightarrow → xleftarrow ← xleftrightarrow ↔ xRightarrow ⇒ xLeftarrow ⇐ xLeftrightarrow ⇔
    xmapsto ↦ xhookrightarrow ↪ xhookleftarrow ↩ xtwoheadrightarrow ↠ xtwoheadleftarrow ↞
    xrightharpoonup ⇀ xleftharpoonup ↼ xrightleftharpoons ⇌ xlongequal =
""")

BIG_OPERATORS = _pairs("""
    sum Σ prod ∏ coprod ∐ int ∫ smallint ∫ intop ∫ iint ∬ iiint ∭ iiiint ⨌ idotsint ∫⋯∫ oint ∮
    oiint ∯ oiiint ∰ bigcap ⋂ bigcup ⋃ bigsqcup ⨆ biguplus ⨄ bigvee ⋁ bigwedge ⋀ bigoplus ⨁
    bigotimes ⨂ bigodot ⨀
""")

_NAMED = """
    arccos arcsin arctan arctg arcctg arg ch cos cosec cosh cot cotg coth csc ctg cth deg det dim
    exp gcd hom inf ker lg lim ln log max min sec sh sin sinh sup tan tanh tg th Pr
"""
OPERATORS = {name: name for name in _NAMED.split()} | {
    "argmax": "arg max",
    "argmin": "arg min",
    "limsup": "lim sup",
    "liminf": "lim inf",
    "varlimsup": "lim sup",
    "varliminf": "lim inf",
    "injlim": "inj lim",
    "projlim": "proj lim",
    "plim": "plim",
    "bmod": "mod",
    "mod": "mod",
}

OPENING = _pairs("""
    { { lbrace { langle ⟨ lang ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ lgroup ⟮ lmoustache ⎰ ulcorner ⌜
    llcorner ⌞ llbracket ⟦ lBrace ⦃
""")
CLOSING = _pairs("""
    } } rbrace } rangle ⟩ rang ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rgroup ⟯ rmoustache ⎱ urcorner ⌝
    lrcorner ⌟ rrbracket ⟧ rBrace ⦄
""")

BLANKS = frozenset(
    (
        *(",", ":", ";", ">", " ", "~", "\n", "\t", "quad", "qquad", "enspace", "enskip", "space"),
        *("thinspace", "medspace", "thickspace", "nobreakspace", "hfill", "hfil", "hspace"),
        *("hspace*", "hskip"),
    )
)
"""Commands that leave a blank; the last three have a length behind them."""

ACCENTS = _pairs("""
    hat 0302 widehat 0302 check 030C widecheck 030C tilde 0303 widetilde 0303 acute 0301 grave 0300
    bar 0304 overline 0305 breve 0306 dot 0307 ddot 0308 dddot 20DB ddddot 20DC mathring 030A
    vec 20D7 overrightarrow 20D7 overleftarrow 20D6 overleftrightarrow 20E1 overrightharpoon 20D1
    overleftharpoon 20D0 underline 0332 underbar 0331 utilde 0330 Hat 0302 Tilde 0303 Bar 0304
    Vec 20D7 Dot 0307 Ddot 0308 Acute 0301 Grave 0300 Breve 0306 Check 030C Overrightarrow 20D7
    underrightarrow 20EF underleftarrow 20EE underleftrightarrow 034D
""")
"""The combining character of an accent, in hexadecimal, since alone it could not be read here."""

TEXT_ACCENTS = _pairs(
    "' 0301 ` 0300 ^ 0302 \" 0308 ~ 0303 = 0304 . 0307 u 0306 v 030C H 030B r 030A"
)
"""The same for the accents of text."""

ALPHABETS: dict[str, tuple[int, int, int, str]] = {
    **dict.fromkeys(
        ("mathbb", "mathds", "mathbbm", "Bbb"),
        (0x1D538, 0x1D552, 0x1D7D8, "CℂHℍNℕPℙQℚRℝZℤ"),
    ),
    **dict.fromkeys(
        ("mathcal", "mathscr", "cal", "scr"), (0x1D49C, 0x1D4B6, 0, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ")
    ),
    **dict.fromkeys(("mathfrak", "frak"), (0x1D504, 0x1D51E, 0, "CℭHℌIℑRℜZℨ")),
}
"""Where an alphabet's A, a and 0 stand (0: nowhere), and the letters that stand elsewhere."""

FONTS = frozenset(
    (
        *("mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "mathup", "mathsfit"),
        *("boldsymbol", "bm", "bold", "pmb", "symbf", "symrm", "symup", "ensuremath"),
    )
)
"""Fonts that plain text cannot tell: their argument is one word."""

SWITCHES = frozenset(("rm", "bf", "it", "sf", "tt", "sl", "sc", "em", "cal", "scr", "mit"))
"""Old switches of font, which hold to the group's end."""

TEXTS = frozenset(
    (
        *("text", "textrm", "textbf", "textit", "textsf", "texttt", "textnormal", "textup"),
        *("textmd", "textsc", "textsl", "emph", "mbox", "hbox", "fbox", "framebox", "intertext"),
        *("shortintertext", "ce", "pu", "url", "ref", "eqref", "cref", "Cref", "makebox"),
    )
)
"""Commands whose argument is text, shown as it stands."""

DROPPED = frozenset(
    (
        *("displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "tiny", "scriptsize"),
        *("footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"),
        *("limits", "nolimits", "displaylimits", "nonumber", "notag", "hline", "hdashline"),
        *("strut", "mathstrut", "relax", "allowbreak", "nobreak", "noindent", "centering"),
        *("big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr"),
        *("biggr", "Biggr", "bigm", "Bigm", "biggm", "Biggm", "left", "right", "middle"),
        *("negthinspace", "negmedspace", "negthickspace", "!", "/", "displaybreak", "xspace"),
        *("protect", "unskip", "ignorespaces", "null", "boldmath", "of", "toprule"),
        *("midrule", "bottomrule", "global", "long", "rom", "normalfont", "bfseries", "itshape"),
        *("rmfamily", "sffamily", "ttfamily"),
    )
)
"""Commands of which nothing is seen in plain text."""

DROPPED_WITH: dict[str, int] = {
    **dict.fromkeys(("label", "tag", "tag*", "phantom", "hphantom", "vphantom", "vspace"), 1),
    "skew": 1,
    **dict.fromkeys(("color", "cline", "vcenter", "pagecolor", "usepackage", "vspace*"), 1),
    **dict.fromkeys(("includegraphics",), 1),
    **dict.fromkeys(("rule", "setlength"), 2),
    "definecolor": 3,
}
"""Commands that go with so many arguments."""

LENGTHS = frozenset(("kern", "mkern", "mskip", "hskip", "hspace", "hspace*", "vskip"))
"""Commands with a length behind them, in braces or bare."""

PASSING: dict[str, int] = {
    **dict.fromkeys(("boxed", "cancel", "bcancel", "xcancel", "sout", "smash", "mathord"), 1),
    **dict.fromkeys(("mathop", "mathbin", "mathrel", "mathopen", "mathclose", "mathinner"), 1),
    **dict.fromkeys(("mathllap", "mathrlap", "mathclap", "llap", "rlap", "clap"), 1),
    **dict.fromkeys(("overbrace", "underbrace", "overbracket", "underbracket", "overgroup"), 1),
    **dict.fromkeys(("undergroup", "overparen", "underparen", "angl", "phase", "mathpunct"), 1),
    **dict.fromkeys(("wideparen", "shoveleft", "shoveright"), 1),
    **dict.fromkeys(("textcolor", "href", "colorbox", "cancelto", "raisebox", "htmlId"), 2),
    **dict.fromkeys(("htmlClass", "htmlStyle", "htmlData", "html@mathml", "texorpdfstring"), 2),
    **dict.fromkeys(("multicolumn", "fcolorbox", "sideset", "htmladdnormallink"), 3),
    "mathchoice": 4,
}
"""Commands with so many arguments of which the last is what a reader sees."""

FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "flatfrac"))
BINOMIALS = frozenset(("binom", "dbinom", "tbinom"))
INFIXES = frozenset(("over", "choose", "atop", "brace", "brack"))

MATRICES = {
    **dict.fromkeys(("matrix", "bmatrix", "smallmatrix", "array", "darray", "tabular"), ("[", "]")),
    **dict.fromkeys(("bsmallmatrix", "CD"), ("[", "]")),
    **dict.fromkeys(("pmatrix", "psmallmatrix"), ("(", ")")),
    **dict.fromkeys(("Bmatrix", "Bsmallmatrix"), ("{", "}")),
    **dict.fromkeys(("vmatrix", "vsmallmatrix"), ("|", "|")),
    **dict.fromkeys(("Vmatrix", "Vsmallmatrix"), ("‖", "‖")),
}
CASES = frozenset(("cases", "dcases", "rcases", "drcases", "numcases"))
WITH_COLUMNS = frozenset(("array", "darray", "tabular", "subarray", "alignat", "alignedat"))
"""Environments with an argument behind their name."""
PLACED = frozenset(("aligned", "gathered", "alignedat", "array", "multlined", "split", "darray"))
"""Environments that may have `[t]` behind their name; so may those with a star."""

_ROOF = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ"
_FLOOR = "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW"
SUPERSCRIPTS = dict(zip(_FLOOR, _ROOF, strict=True))
SUBSCRIPTS = dict(zip("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
RAISED = {"∘": "°", "°": "°", "†": "†", "‡": "‡", "*": "*", "∗": "*", "⊤": "ᵀ", "′": "′", "″": "″"}
"""Superscripts that are written behind their base as they are."""
