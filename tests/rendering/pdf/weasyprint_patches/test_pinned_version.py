"""The versions that the adapters were written against, and what happens with another one."""

from importlib.metadata import version

import pytest
import weasyprint

from nianbao.rendering.pdf import weasyprint_patches as adapters

# To raise a version: read the modules of weasyprint_patches against the new sources,
# looks whether one of them can go, and raises the numbers here and there.


def test_the_adapters_were_written_for_these_versions() -> None:
    assert version("weasyprint") == adapters.WEASYPRINT_VERSION == "70.0"
    assert version("pydyf").startswith("0.13.")
    assert version("tinyhtml5").startswith("2.1.")


def test_another_weasyprint_is_refused_with_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    adapters.patched_weasyprint.cache_clear()
    with pytest.raises(adapters.WeasyPrintVersionError, match=r"70\.0.*71\.0.*weasyprint==70\.0"):
        adapters.patched_weasyprint()
    monkeypatch.undo()
    assert adapters.patched_weasyprint() is weasyprint


def test_what_is_replaced_stands_where_weasyprint_looks_for_it() -> None:
    adapters.patched_weasyprint()
    from weasyprint import pdf
    from weasyprint.layout import inline
    from weasyprint.pdf import fonts
    from weasyprint.text import line_break

    breaks = (line_break.Layout.set_text, line_break.get_log_attrs)
    replaced = (inline.justify_line, *breaks, fonts.Font.subset, pdf.add_tags)
    assert {function.__module__.rpartition(".")[0] for function in replaced} == {adapters.__name__}
