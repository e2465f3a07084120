"""Define the commands of the program and their options."""

# Each command imports its module only when it runs, to load no libraries of other commands.

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from nianbao import __version__
from nianbao.cli.console import open_console
from nianbao.cli.help import ChineseCommand, ChineseGroup, DocumentedArgument
from nianbao.errors import UsageError
from nianbao.utils.files import reject_symlinks
from nianbao.workspace.discovery import SUFFIXES, find_root

if TYPE_CHECKING:
    from collections.abc import Sequence

Name = TypeVar("Name", bound=str)

BUILD_PY = "build.py"
FORMATS = "html,pdf,md"
_TO_HELP = f"生成哪些，用逗号隔开（默认 {FORMATS}，另有 docx,json,csv）"
_JOBS_HELP = "同时用几个进程（默认按处理器的个数）"
_NOTES_HELP = "修改意见的格式，用逗号隔开：docx（默认）、html、md"
_SHARD_HELP = "只做一份：2/5 是把报告分成五份，做第二份"
_UNITS_HELP = "reports 里的单位文件夹，或上一年的报告；不写就是有上一年报告的全部单位"
_PARENT_HELP = "上级的文件夹；不写就写到 reports 下面的那一份"
_STATUS_YEAR_HELP = "哪一年的报告；不写就是有报告的最新一年"
_STATUS_FORMAT_HELP = "text（默认）、markdown、csv、json 或 html"
_SOURCES_HELP = "一个或几个 .docx .doc .odt .html .mht .pdf .txt .md .xlsx .xls .ods"
_UNIT_HELP = "只要这个单位：reports 里的文件夹，连同里面的；可以写几次"
_DATA_HELP = "写哪些，用逗号隔开（默认 csv,xlsx,sqlite）"
_EXPLAIN_HELP = "列出这份报告正文里的每个数、每处否定当成了什么，或者为什么不比"
_OLD_HELP = "旧的：报告文件、“版本:路径”，或 git 的版本（全部报告）；不写就是 HEAD"
_NEW_HELP = "新的，写法相同；不写就是现在的文件"
_CHANGES_HELP = "text（默认）、markdown（贴到合并请求里）、html 或 json"
_FORMAT_HELP = "text（默认）、json、github（在 GitHub Actions 里是默认）、gitlab 或 sarif"


_argument = partial(click.argument, cls=DocumentedArgument)
_REPORTS = _argument(
    "reports",
    metavar="[报告…]",
    nargs=-1,
    explanation="报告文件或文件夹；不写就是 reports 里的全部",
)
_FOLDER = click.option("--output", "-o", metavar="文件夹", help="放到哪里（默认 output）")
_FILE = click.option("--output", "-o", metavar="文件", help="写到文件里（默认显示出来）")
_CLUSTER = click.option(
    "--cluster",
    metavar="地址",
    help="在 Dask 集群上做：tcp://…，或 local:4（在本机开 4 个工作进程）",
)


@click.group(
    cls=ChineseGroup,
    default="build",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="不写命令就是 build：python build.py reports/2022.yaml --to html",
)
@click.version_option(__version__, "--version", message="nianbao %(version)s", help="显示版本")
def nianbao() -> None:
    """年报：政府信息公开工作年度报告，一份 YAML，检查并生成网页、PDF、Markdown 和 Word。"""


@nianbao.command("build", cls=ChineseCommand)
@_REPORTS
@click.option("--to", default=FORMATS, metavar="格式", help=_TO_HELP)
@_FOLDER
@click.option("--draft", is_flag=True, help="没有写完的也生成，每页标“草稿”，列出检查结果")
@click.option("--strict", is_flag=True, help="有警告时退出码也是 1（文件照样生成）")
@click.option("--force", is_flag=True, help="全部重做，没有变化的也做")
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="个数", help=_JOBS_HELP)
@_CLUSTER
@click.option("--shard", metavar="几/几", help=_SHARD_HELP)
@click.option("--quiet", "-q", is_flag=True, help="只说发现的问题")
@click.option("--verbose", "-v", is_flag=True, help="说明每个文件为什么重做或没有重做")
@click.option("--timings", is_flag=True, help="说明时间用在哪里")
def _build_command(
    reports: tuple[str, ...],
    to: str,
    output: str | None,
    draft: bool,
    shard: str | None,
    **options: Any,
) -> int:
    """生成报告；没有变化的不重做。"""
    from nianbao.rendering import FORMATS as KNOWN

    formats = _parse_choices("--to", to, KNOWN)
    if options["cluster"] and (options["jobs"] or draft):
        raise UsageError(f"--cluster 不能和 {'--draft' if draft else '--jobs'} 一起写")
    root = _root(reports)
    folder, console = _output(root, output), open_console()
    if draft:
        from nianbao.cli.commands.draft import build_drafts

        strict = options["strict"]
        return build_drafts(
            root, reports, formats=formats, output=folder, strict=strict, console=console
        )
    from nianbao.cli.commands.build import BuildOptions, build

    if shard is not None:
        from nianbao.workspace.shards import parse_shard

        options["shard"] = parse_shard(shard)
    chosen = BuildOptions(**options)
    return build(root, reports, formats=formats, output=folder, options=chosen, console=console)


@nianbao.command("check", cls=ChineseCommand)
@_REPORTS
@click.option("--format", "format_name", metavar="格式", help=_FORMAT_HELP)
@click.option("--rule", metavar="编号", help="只看这些：编号或类别的字母，用逗号隔开")
@click.option("--quiet", "-q", is_flag=True, help="只列出错误")
@click.option("--summary", is_flag=True, help="只列一张表：每个单位有多少")
@click.option("--strict", is_flag=True, help="有警告时退出码也是 1")
@click.option("--previous", metavar="文件", help="上一年的报告，用来检查 Word 等文件")
@click.option("--annotate", metavar="文件夹", help="把结果批注在 Word 文件的副本里，放到这里")
@click.option("--notes", metavar="文件夹", help="给每个单位写一份修改意见，放到这里")
@click.option("--notes-to", default="docx", metavar="格式", help=_NOTES_HELP)
@_CLUSTER
def _check_command(
    reports: tuple[str, ...],
    format_name: str | None,
    rule: str | None,
    previous: str | None,
    annotate: str | None,
    notes: str | None,
    notes_to: str,
    **options: Any,
) -> int:
    """只检查，不生成；Word、网页、PDF 等文件也可以检查。"""
    from nianbao.cli.commands.check import CheckOptions, check
    from nianbao.diagnostics.reporters import REPORT_FORMATS

    to = None if format_name is None else _parse_choice("--format", format_name, REPORT_FORMATS)
    program = click.get_current_context().find_root().command_path
    last = Path(previous) if previous else None
    copies = Path(annotate) if annotate else None
    if notes:
        from nianbao.cli.commands.notes import NOTE_FORMATS

        formats = _parse_choices("--notes-to", notes_to, NOTE_FORMATS)
        options |= {"notes": Path(notes), "note_formats": formats}
    chosen = CheckOptions(to, program, _rule_ids(rule), previous=last, annotate=copies, **options)
    return check(_root(reports), reports, options=chosen, console=open_console())


@nianbao.command("diff", cls=ChineseCommand)
@_argument("old", metavar="[旧]", required=False, explanation=_OLD_HELP)
@_argument("new", metavar="[新]", required=False, explanation=_NEW_HELP)
@click.option("--format", "format_name", metavar="格式", help=_CHANGES_HELP)
@click.option("--to", metavar="格式", help="改为生成整份的修订对照稿：html,pdf,docx")
@_FOLDER
@click.option("--exit-code", is_flag=True, help="有变化时退出码是 1")
def _diff_command(
    old: str | None,
    new: str | None,
    format_name: str | None,
    to: str | None,
    output: str | None,
    exit_code: bool,
) -> int:
    """改了什么：哪些格、哪些话、哪些检查结果。"""
    from nianbao.cli.commands.diff import diff
    from nianbao.diff.formats import CHANGE_FORMATS, REDLINE_FORMATS

    if format_name and to:
        raise UsageError("--format 和 --to 不能一起写，分两次运行")
    chosen = _parse_choice("--format", format_name or CHANGE_FORMATS[0], CHANGE_FORMATS)
    redlines = _parse_choices("--to", to, REDLINE_FORMATS) if to is not None else []
    root = _root([name for name in (old, new) if name and name.lower().endswith(SUFFIXES)])
    return diff(
        root,
        (old, new),
        to=chosen,
        redlines=redlines,
        output=_output(root, output),
        exit_code=exit_code,
        console=open_console(),
    )


@nianbao.command("fix", cls=ChineseCommand)
@_REPORTS
@click.option("--diff", is_flag=True, help="只列出要改的，不改；有就退出码 1")
@click.option("--prose", is_flag=True, help="正文里的标点、数字、空格、断行也改")
def _fix_command(reports: tuple[str, ...], diff: bool, prose: bool) -> int:
    """改正写法上的错：只有一种改法的就改，并逐处列出。"""
    from nianbao.cli.commands.fix import fix

    return fix(_root(reports), reports, diff=diff, prose=prose, console=open_console())


@nianbao.command("fmt", cls=ChineseCommand)
@_REPORTS
@click.option("--check", is_flag=True, help="只列出要整理的文件，不改；有就退出码 1")
@click.option("--totals", is_flag=True, help="补上、改正总计，并列出改了哪些")
def _fmt_command(reports: tuple[str, ...], check: bool, totals: bool) -> int:
    """把报告文件整理成统一的排法，文字和批注不动。"""
    from nianbao.cli.commands.fmt import fmt

    root = _root(reports)
    return fmt(root, reports, check=check, totals=totals, console=open_console())


@nianbao.command("import", cls=ChineseCommand)
@_argument("files", metavar="文件…", nargs=-1, explanation=_SOURCES_HELP)
@click.option("--output", "-o", metavar="报告", help="写到哪个报告文件（默认按机关和年度）")
@click.option("--onto", metavar="报告", help="把文件里改过的地方改到这份报告里，先列出来")
@click.option("--yes", "-y", is_flag=True, help="和 --onto 一起写：不问，直接改")
@click.option("--format", "to", default="text", metavar="格式", help="text（默认）或 json")
@_CLUSTER
def _import_command(
    files: tuple[str, ...],
    output: str | None,
    onto: str | None,
    to: str,
    cluster: str | None,
    *,
    yes: bool,
) -> int:
    """从 Word、网页、PDF、文本、表格导入报告，列出没有把握的地方。"""
    from nianbao.cli.commands.import_files import IMPORT_FORMATS, import_files

    chosen = _parse_choice("--format", to, IMPORT_FORMATS)
    if onto is not None:
        from nianbao.cli.commands.import_onto import import_onto

        if cluster:
            raise UsageError("--cluster 不能和 --onto 一起写")
        if len(files) != 1 or output:
            raise UsageError("--onto 一次写一个文件，不写 -o，例如 import 改过的.docx --onto 报告")
        return import_onto(_root(files), files[0], onto, yes=yes, to=chosen, console=open_console())
    if yes:
        raise UsageError("--yes 要和 --onto 一起写")
    return import_files(
        _root(files), files, output=output, to=chosen, cluster=cluster, console=open_console()
    )


@nianbao.command("new", cls=ChineseCommand)
@_argument("year", metavar="年度", explanation="要写哪一年的报告，例如 2023")
@_argument("units", metavar="[单位…]", nargs=-1, explanation=_UNITS_HELP)
@click.option("--force", is_flag=True, help="新的单位，即使和已有的一个只差一点")
def _new_command(year: str, units: tuple[str, ...], force: bool) -> int:
    """起草一年的报告：从上一年的抄起，数留空，文字标上记号。"""
    from nianbao.cli.commands.new import new

    return new(_root(units), year, units, force=force, console=open_console())


@nianbao.command("rules", cls=ChineseCommand)
@_argument("rule", metavar="[编号]", required=False, explanation="例如 A101")
@click.option("--markdown", is_flag=True, help="写成 Markdown（docs/rules.md 就是这样来的）")
@click.option("--explain", metavar="报告", help=_EXPLAIN_HELP)
@_FILE
def _rules_command(
    rule: str | None, markdown: bool, explain: str | None, output: str | None
) -> int:
    """列出检查的规则；--explain 列出一份报告正文里的数和哪些格核对。"""
    if explain is not None:
        from nianbao.cli.commands.explain import explain as explain_prose

        return explain_prose(_root((explain,)), explain, open_console())
    from nianbao.cli.commands.rules import rules

    file = Path(output) if output else None
    return rules(rule, markdown=markdown, output=file, console=open_console())


@nianbao.command("schema", cls=ChineseCommand)
@click.option("--data", is_flag=True, help="改为 --to json 的 JSON Schema，供读数据的程序使用")
@click.option("--units", is_flag=True, help="改为 units.toml 的 JSON Schema")
@_FILE
def _schema_command(data: bool, units: bool, output: str | None) -> int:
    """给出 schema.json，供编辑器使用。"""
    from nianbao.cli.commands.schema import schema

    file = Path(output) if output else None
    return schema(file, data=data, units=units, console=open_console())


@nianbao.command("templates", cls=ChineseCommand)
@_argument("name", metavar="[模板]", required=False, explanation="例如 extra.css；不写就列出全部")
def _templates_command(name: str | None) -> int:
    """列出模板和样式；写上名字，就把那一份写进 templates，供修改。"""
    from nianbao.cli.commands.templates import templates

    return templates(_root(()), name, console=open_console())


@nianbao.command("data", cls=ChineseCommand)
@click.option("--year", metavar="年度", help="只要这些年度，用逗号隔开")
@click.option("--unit", "units", metavar="单位", multiple=True, help=_UNIT_HELP)
@click.option("--to", default="csv,xlsx,sqlite", metavar="格式", help=_DATA_HELP)
@click.option("--draft", is_flag=True, help="没有写完、有错误的也收，空着的格子标“空”")
@click.option("--output", "-o", metavar="文件夹", help="放到哪里（默认 output/data）")
def _data_command(
    year: str | None, units: tuple[str, ...], to: str, draft: bool, output: str | None
) -> int:
    """全部报告的数：CSV、Excel 表和 SQLite 数据库，附字段说明。"""
    from nianbao.cli.commands.data import DataOptions, data
    from nianbao.rendering.data.dataset import DATASET_FORMATS

    formats = _parse_choices("--to", to, DATASET_FORMATS)
    root = _root(())
    folder = _output(root, output) if output else _output(root, None) / "data"
    options = DataOptions(formats, _years(year), units, draft)
    return data(root, options=options, output=folder, console=open_console())


@nianbao.command("site", cls=ChineseCommand)
@click.option("--output", "-o", metavar="文件夹", help="放到哪里（默认 output/site）")
@click.option("--force", is_flag=True, help="全部重做，没有变化的也做")
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="个数", help=_JOBS_HELP)
@click.option("--quiet", "-q", is_flag=True, help="只说发现的问题")
def _site_command(output: str | None, **options: Any) -> int:
    """全部报告的网站：各单位历年的数、各年度的数、数据和下载。"""
    from nianbao.cli.commands.site import SiteOptions, make_site

    root = _root(())
    made = _output(root, None)
    folder = Path(output) if output else made / "site"
    chosen = SiteOptions(made, folder, **options)
    return make_site(root, options=chosen, console=open_console())


@nianbao.command("serve", cls=ChineseCommand)
@_REPORTS
@click.option("--port", default="0", metavar="端口", help="用哪个端口（默认找一个空着的）")
@click.option("--open", "browse", is_flag=True, help="同时打开浏览器")
@click.option("--site", "is_site", is_flag=True, help="预览网站（写到 output/site，随改随做）")
def _serve_command(reports: tuple[str, ...], port: str, browse: bool, is_site: bool) -> int:
    """在浏览器里预览：边改边看，检查结果在旁边。"""
    console = open_console()
    if not is_site:
        from nianbao.cli.commands.serve import serve

        return serve(_root(reports), reports, port=port, browse=browse, console=console)
    from nianbao.cli.commands.serve_site import serve_site
    from nianbao.cli.commands.site import SiteOptions

    if reports:
        raise UsageError("--site 预览全部报告的网站，不能再写报告的名字")
    root = _root(())
    made = _output(root, None)
    options = SiteOptions(made, made / "site")
    return serve_site(root, options, port=port, browse=browse, console=console)


@nianbao.command("units", cls=ChineseCommand)
@click.option("--from", "source", metavar="文件", help="从名单（.xlsx .csv 等）做一份 units.toml")
def _units_command(source: str | None) -> int:
    """列出单位名单 units.toml，并检查它。"""
    from nianbao.cli.commands.units import list_units, make_roster

    root, console = _root(()), open_console()
    return list_units(root, console) if source is None else make_roster(root, source, console)


@nianbao.command("status", cls=ChineseCommand)
@_argument("year", metavar="[年度]", required=False, explanation=_STATUS_YEAR_HELP)
@click.option("--remind", is_flag=True, help="只列要催的：未交、没写完、有错误的")
@click.option("--published", is_flag=True, help="公布情况：应公布、按时公布、未按时公布的")
@click.option("--as-of", metavar="日期", help="未交的按哪一天算迟没迟（默认今天）")
@click.option("--format", "to", default="text", metavar="格式", help=_STATUS_FORMAT_HELP)
def _status_command(
    year: str | None, remind: bool, published: bool, as_of: str | None, to: str
) -> int:
    """各单位的年报交了没有、写完没有、有没有错、迟没迟。"""
    from nianbao.cli.commands.status import StatusOptions, status
    from nianbao.county.formats import STATUS_FORMATS

    if remind and published:
        raise UsageError("--remind 和 --published 不能一起写，分两次运行")
    which: Literal["all", "remind", "published"]
    which = "remind" if remind else "published" if published else "all"
    options = StatusOptions(_parse_choice("--format", to, STATUS_FORMATS), which, as_of)
    return status(_root(()), year, options=options, console=open_console())


@nianbao.command("sum", cls=ChineseCommand)
@_argument("year", metavar="年度", explanation="汇总哪一年的报告，例如 2023")
@_argument("unit", metavar="[单位]", required=False, explanation=_PARENT_HELP)
@click.option("--partial", is_flag=True, help="缺的、有错误的单位不等了，文件里写明")
@click.option(
    "--explain", metavar="格", help="列出一格里各单位的数，例如 本年新收/自然人；不写文件"
)
def _sum_command(year: str, unit: str | None, partial: bool, explain: str | None) -> int:
    """把所属单位的各表加起来，写进上级的报告。"""
    from nianbao.cli.commands.sum import SumOptions, sum_reports

    options = SumOptions(partial, explain)
    return sum_reports(_root(()), year, unit, options=options, console=open_console())


@nianbao.command("fonts", cls=ChineseCommand)
@click.option("--force", is_flag=True, help="重新下载并裁剪，即使已经装好")
def _fonts_command(force: bool) -> int:
    """安装生成 PDF 所用的字体。"""
    from nianbao.rendering.fonts.install import install

    install(force, open_console().print)
    return 0


def _root(reports: Sequence[str]) -> Path:
    """Return the top folder of the repository.

    It is the repository around the working folder; if there is none, the checkout whose build.py
    was run. If `reports` are given, the checkout is not used: the reports can be in any folder, and
    their outputs belong to the working folder.
    """
    script = Path(sys.argv[0])
    checkout = script.resolve().parent if script.name == BUILD_PY and not reports else None
    return find_root(Path.cwd(), checkout)


def _output(root: Path, named: str | None) -> Path:
    """Return the folder `named`; if it is None, return the folder output/ of the repository.

    Raises UserError if output/ is a symbolic link.
    """
    if named:
        return Path(named)
    folder = root / "output"
    reject_symlinks(root, folder)
    try:
        return folder.relative_to(Path.cwd())  # as the user would type it
    except ValueError:
        return folder


def _rule_ids(words: str | None) -> frozenset[str] | None:
    """Return the IDs of the kinds of findings that `--rule` names; None if the option is not used.

    Raises UsageError if it names an unknown kind.
    """
    if words is None:
        return None
    from nianbao.checks.catalog import find_kinds

    given = [word for word in re.split("[,，、 ]", words) if word]
    if not given:
        raise UsageError("--rule 后面写编号或类别的字母，例如 P301,A")
    return frozenset(kind.id for word in given for kind in find_kinds(word))


def _years(words: str | None) -> frozenset[int]:
    """Return the years in a list such as 2021,2022; the empty set if `words` is None.

    Raises UsageError if `words` has anything but years.
    """
    years = [word for word in re.split("[,，、 ]", words or "") if word]
    if words is not None and not (years and all(re.fullmatch("[0-9]{4}", y) for y in years)):
        raise UsageError("--year 后面写年度，例如 2022 或 2021,2022")
    return frozenset(map(int, years))


def _parse_choice(option: str, name: str, known: Sequence[Name]) -> Name:
    """Return `name`, the value of an option. Raises UsageError if it is not in `known`."""
    return _match_names(option, {name}, known)[0]


def _parse_choices(option: str, names: str, known: Sequence[Name]) -> list[Name]:
    """Return the names in a comma-separated list, in the order of `known`.

    `option`: the name of the option, for the message. Raises UsageError if a name is not in `known`
    or the list is empty.
    """
    return _match_names(option, {n.strip().lower() for n in names.split(",") if n.strip()}, known)


def _match_names(option: str, given: set[str], known: Sequence[Name]) -> list[Name]:
    unknown = sorted(given.difference(known))
    if unknown or not given:
        raise UsageError(f"{option} 不认识“{'、'.join(unknown)}”，可以写：{'、'.join(known)}")
    return [name for name in known if name in given]
