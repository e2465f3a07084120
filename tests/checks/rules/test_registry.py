"""The list of rules: complete, without duplicates, and documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from typing import TYPE_CHECKING

import pytest

import nianbao.checks.rules
from nianbao.checks.rules import PROOFREADING, RULES
from nianbao.checks.rules.documentation import parse_rule_doc
from nianbao.checks.rules.waivers import WAIVER_DOCS
from nianbao.diagnostics.finding import Severity

if TYPE_CHECKING:
    from types import ModuleType

    from nianbao.checks.rules.rule import Rule

ADVICE = {"P305", "F412", "F413", "F417", "F419", "F426", "F427"}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
FAMILIES = {"A": "1", "Y": "2", "P": "3", "F": "4", "H": "6"}
CHINESE = re.compile("[\u4e00-\u9fff]")


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(nianbao.checks.rules.__path__, "nianbao.checks.rules.")
    return [importlib.import_module(module.name) for module in found]


def test_every_check_is_registered_once() -> None:
    written = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("check_") and function.__module__ == module.__name__
    ]
    listed = [f"{rule.check.__module__}.{rule.check.__name__}" for rule in RULES]
    assert sorted(written) == sorted(listed)


def test_all_modules_of_rules_are_searched() -> None:
    names = {module.__name__.rpartition(".")[2] for module in modules()}
    assert {
        "totals",
        "previous_year",
        "dates",
        "content",
        "copied_text",
        "stale_year",
        "amounts",
    } <= names


def test_ids_are_unique_and_differ_from_those_of_waivers() -> None:
    ids = [rule.id for rule in RULES] + list(WAIVER_DOCS)
    assert len(ids) == len(set(ids))


@each_rule
def test_id_has_the_letter_and_digit_of_its_family(rule: Rule) -> None:
    assert re.fullmatch("[AYPFH][12346][0-9]{2}", rule.id)
    assert rule.id[1] == FAMILIES[rule.id[0]]


@each_rule
def test_module_has_rules_of_one_family(rule: Rule) -> None:
    """totals.py is A, previous_year.py is Y, prose.py is P; the others are F."""
    families = {"totals": "A", "previous_year": "Y", "prose": "P", "units": "H"}
    module = rule.check.__module__.rpartition(".")[2]
    assert families.get(module, "F") == rule.id[0]


@each_rule
def test_sums_are_errors_advice_is_info_and_the_rest_are_warnings(rule: Rule) -> None:
    if rule.id.startswith("A"):
        assert rule.severity is Severity.ERROR
    elif rule.id in ADVICE | {each.id for each in PROOFREADING}:
        assert rule.severity is Severity.INFO
    else:
        assert rule.severity is Severity.WARNING


@each_rule
def test_rule_is_documented_in_chinese(rule: Rule) -> None:
    page = parse_rule_doc(rule.documentation)
    for part in (page.title, page.why):
        assert len(CHINESE.findall(part)) >= 5
    assert page.fails
    assert page.passes
    assert page.fails != page.passes


@each_rule
def test_document_numbers_on_a_page_are_known(rule: Rule) -> None:
    """A wrong number would lead the user to another document."""
    known = {
        "国办公开办函〔2021〕30号",
        "国办公开办函〔2019〕60号",
        "国办函〔2020〕109号",
        "〔2019〕60号",
    }
    assert set(re.findall(r"[\u4e00-\u9fff]*〔[0-9]{4}〕[0-9]+号", rule.documentation)) <= known


def test_titles_are_unique() -> None:
    titles = [parse_rule_doc(rule.documentation).title for rule in RULES]
    assert len(titles) == len(set(titles))


def test_rules_of_a_family_are_in_the_order_of_their_ids() -> None:
    for family in FAMILIES:
        ids = [rule.id for rule in RULES if rule.id.startswith(family)]
        assert ids == sorted(ids)


@pytest.mark.parametrize("page", WAIVER_DOCS.values(), ids=WAIVER_DOCS)
def test_findings_about_waivers_are_documented_in_chinese(page: str) -> None:
    assert len(CHINESE.findall(page)) >= 10
