"""Encoding of findings: decoding returns what was encoded, and the text is short."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nianbao.build.findings_codec import decode_findings, encode_findings
from nianbao.diagnostics.finding import Finding, Severity, Span

TEXTS = st.text()  # with lone surrogates, as a file name may hold
NUMBERS = st.integers(1, 10**6)
FINDINGS = st.builds(
    Finding,
    rule=TEXTS,
    severity=st.sampled_from(Severity),
    path=TEXTS,
    span=st.builds(Span, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    pointer=st.lists(TEXTS | st.integers(0, 99)).map(tuple),
    message=TEXTS,
    help=TEXTS,
    waived=st.booleans(),
    quote=TEXTS,
    note=TEXTS,
)


@given(st.lists(FINDINGS), st.dictionaries(NUMBERS, TEXTS))
def test_decoding_returns_the_findings_without_the_fields_of_waivers(
    findings: list[Finding], excerpts: dict[int, str]
) -> None:
    encoded = encode_findings(findings, excerpts)
    assert encoded.isascii()
    expected = [replace(each, quote="", numbers=(), note="") for each in findings]
    assert decode_findings(encoded) == (expected, excerpts)


def test_two_dozen_findings_take_less_than_700_bytes() -> None:
    one = Finding(
        "A101", Severity.ERROR, "reports/2022.yaml", Span(1, 2, 1, 3), ("表", 0), "不等" * 9
    )
    many = [replace(one, span=Span(line, 2, line, 3)) for line in range(24)]
    assert len(encode_findings(many, dict.fromkeys(range(24), "新收: {自然人: 7}"))) < 700
