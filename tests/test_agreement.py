"""The comparison of a folder's formulas with bare KaTeX's."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement import main
from sites import ROOT

pytestmark = pytest.mark.katex


def test_the_lab_s_notes_agree_with_katex(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "notes")]) == 0
    assert "typeset with KaTeX's own bytes" in capsys.readouterr().out


def test_it_tells_what_became_of_each_formula(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text("So $a$, $a$, $\\mbox{b}$ and $a’$.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("$$\n\\sqrt\n$$\n\n> $x \\nosuch$, $\\mbox{c}}$\n")
    assert main([str(tmp_path)]) == 0
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line] == [
        "2 files, 7 formulas, 6 of them distinct",
        "2 typeset with KaTeX's own bytes",
        "2 refused, at KaTeX's own place",
        "1 rewritten, since KaTeX refuses it",
        "1 rewritten",
        "1 refused, with no place of KaTeX's to compare",
    ]
