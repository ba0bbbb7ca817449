"""The words by which `lint` knows commands that lack their backslash, and prose."""


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


WITH_GROUP = _words(
    """
    frac dfrac tfrac cfrac binom sqrt mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf
    mathtt mathds mathbbm boldsymbol operatorname text textbf textit textrm mbox hat bar vec tilde
    dot ddot overline underline widehat widetilde overbrace underbrace overset underset stackrel
    boxed label tag begin end textcolor phantom substack pmod mathop mathrel overrightarrow
    """
)
"""Commands that a group follows."""

WITH_SCRIPT = _words(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi
    Psi Omega ell nabla partial sum prod coprod int iint iiint oint lim limsup liminf max min sup
    inf log ln exp sin cos tan sinh cosh tanh bigcup bigcap bigoplus bigotimes argmax argmin infty
    """
)
"""Commands that scripts follow; their names are said as words, so they need one to be known by."""

ALWAYS_COMMANDS = _words(
    """
    infty nabla leq geq neq leqslant geqslant cdot cdots ldots vdots ddots rightarrow leftarrow
    Rightarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow longleftarrow mapsto
    varepsilon vartheta varphi subseteq supseteq otimes oplus mathbb mathbf mathcal mathrm
    mathfrak mathscr operatorname displaystyle
    """
)
"""Names that are no word of any language, and no name of a variable."""

SWITCHES = frozenset(("bf", "rm", "it", "cal"))
"""The old switches of font: known by the letter behind them."""

CURRENCY_WORDS = _words(
    """
    million millions billion billions trillion thousand hundred dollars dollar cents usd eur euros
    and to for per or each then than with from worth more less
    """
)
"""What follows a number in a sentence on money."""

FUNCTION_WORDS = _words(
    """
    and the to of for with from then than that this is are was were on by at as or be it its not
    has have per all any when where which into each if
    """
)
"""Words that hold a sentence together: beside one of them two words are prose."""
