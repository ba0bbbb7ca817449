"""Tables with numbers in MathML: KaTeX names their columns without the cells of the numbers."""

_GLUE = 'class ="mtr-glue"'


def with_columns(html: str) -> str:
    """MathML alone, in which an equation's table names the cell before each numbered row too.

    Firefox reads off these lists how a column is aligned and what stands between two of them; KaTeX
    leaves that cell out of them, so that every column would have the next one's.
    """
    if _GLUE not in html:
        return html
    before, mark, rest = html.partition("<mtable ")
    attributes, end, after = rest.partition(">")
    attributes = attributes.replace('columnalign="', 'columnalign="center ')
    attributes = attributes.replace('columnspacing="', 'columnspacing="0em ')
    return f'{before}{mark}class="numbered" {attributes}{end}{after}'
