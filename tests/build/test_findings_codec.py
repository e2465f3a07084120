"""Findings packed until they are told: they come out as they went in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nianbao.build.findings_codec import decode_findings, encode_findings
from nianbao.diagnostics.finding import Finding, Severity, Span

WORDS = st.text()  # with half characters, as a file name may hold
NUMBERS = st.integers(1, 10**6)
FINDINGS = st.builds(
    Finding,
    rule=WORDS,
    severity=st.sampled_from(Severity),
    path=WORDS,
    span=st.builds(Span, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    pointer=st.lists(WORDS | st.integers(0, 99)).map(tuple),
    message=WORDS,
    help=WORDS,
    waived=st.booleans(),
    quote=WORDS,
    note=WORDS,
)


@given(st.lists(FINDINGS), st.dictionaries(NUMBERS, WORDS))
def test_what_is_packed_comes_out_but_for_what_waivers_ask(
    findings: list[Finding], excerpts: dict[int, str]
) -> None:
    packed = encode_findings(findings, excerpts)
    assert packed.isascii()
    told = [replace(each, quote="", numbers=(), note="") for each in findings]
    assert decode_findings(packed) == (told, excerpts)


def test_two_dozen_findings_take_less_room_than_one_that_is_not_packed() -> None:
    one = Finding(
        "A101", Severity.ERROR, "reports/2022.yaml", Span(1, 2, 1, 3), ("表", 0), "不等" * 9
    )
    many = [replace(one, span=Span(line, 2, line, 3)) for line in range(24)]
    assert len(encode_findings(many, dict.fromkeys(range(24), "新收: {自然人: 7}"))) < 700
