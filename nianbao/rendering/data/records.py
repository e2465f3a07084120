"""Define the record (the data) of a report, and the columns of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering.data.fields import STATUSES, cell_fields, data_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import CellKind, Form
    from nianbao.model.report import Report, Value

ColumnType = Literal["string", "integer", "number", "date"]
NUMBER_TYPES: Final[dict[CellKind, ColumnType]] = {
    "count": "integer",
    "amount": "number",
    "signed": "integer",
}


class DataColumn(NamedTuple):
    """A column of a table with data of many reports.

    `required`: True if every cell of the column has a value.
    `values`: the allowed values of the column; () for any value.
    """

    name: str
    type: ColumnType
    description: str
    required: bool = True
    values: tuple[str, ...] = ()


_REPORT: Final = DataColumn("报告", "string", "报告文件在 reports 文件夹里的路径，不带后缀")
_BODY: Final = DataColumn("机关", "string", "编制报告的机关")
_YEAR: Final = DataColumn("年度", "integer", "报告的是哪一年")
_EDITION: Final = DataColumn("格式", "integer", "用的是哪一版全国统一格式")
_PATH: Final = DataColumn("路径", "string", "这一格在报告文件里的键，也是正文引用它的写法")
_LABELS: Final = (
    DataColumn("表", "string", "表的名称，照格式印的文字"),
    DataColumn("行", "string", "行的名称，上级在前"),
    DataColumn("列", "string", "列的名称，上级在前"),
)
REPORTS: Final = (
    _REPORT,
    DataColumn("单位", "string", "报告所在的文件夹；直接在 reports 里的为空", required=False),
    _BODY,
    _YEAR,
    _EDITION,
    DataColumn("成文日期", "date", "落款的日期", required=False),
    DataColumn("发布日期", "date", "在网站上发布的日期，没有写的为空", required=False),
    DataColumn("文号", "string", "发文字号，没有的为空", required=False),
    DataColumn("错误", "integer", "检查出的错误的个数；一般只收没有错误的年报，是 0"),
)
CELLS: Final = (
    _REPORT,
    _BODY,
    _YEAR,
    _EDITION,
    *_LABELS,
    _PATH,
    DataColumn("数值", "number", "格子里的数；状态不是“数”的为空", required=False),
    DataColumn("状态", "string", "数、不适用（报告里填 /）或空（没有填）", values=STATUSES),
    DataColumn("注", "string", "格子里的注，没有的为空", required=False),
)
# Of one report, where the file says which.
CELLS_OF_REPORT: Final = CELLS[1:]
WIDE: Final = (_REPORT, _BODY, _YEAR)
DICTIONARY: Final = (
    _EDITION,
    _PATH,
    DataColumn("表名", "string", "一表一个文件时，这一格在哪个文件里"),
    DataColumn("字段", "string", "在那个文件里是哪一列"),
    *_LABELS,
    DataColumn("类型", "string", "integer 整数，number 可以有小数", values=("integer", "number")),
    DataColumn("计量单位", "string", "件、万元等", required=False),
    DataColumn("总计", "integer", "1 是其他各格之和，相加时不要重复算；0 不是"),
    DataColumn("说明", "string", "怎样填写", required=False),
)


# Small and picklable, because records are sent between processes.
@dataclass(frozen=True, slots=True)
class DataRecord:
    """The data of one report.

    `report`: the path of the report file below reports/, without suffix.
    `unit`: the path of the file's folder below reports/; "" for reports/ itself.
    `body`: the name of the reporting body.
    `signed`, `published`: ISO dates, or "".
    `number`: the document number (文号), or "".
    `errors`: the number of findings that are errors.
    `values`: the values of all cells, in the order of `cell_fields`.
    """

    report: str
    unit: str
    body: str
    year: int
    edition: int
    signed: str
    published: str
    number: str
    errors: int
    values: tuple[Value, ...]

    @property
    def form(self) -> Form:
        """The form of the report's edition."""
        return load_form(self.edition)

    @property
    def row(self) -> tuple[object, ...]:
        """The row of the report in the list of reports: a value for each column in REPORTS."""
        return (
            *(self.report, self.unit, self.body, self.year, self.edition),
            *(self.signed, self.published, self.number, self.errors),
        )

    def values_by_table(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Yield the name of each table, and the values of its cells."""
        start = 0
        for table in data_tables(self.form):
            end = start + len(table.fields)
            yield table.name, self.values[start:end]
            start = end


# One by one, so that memory does not grow with the number of records.
class DatasetWriter(Protocol):
    """Writes the records of reports in one format, one by one."""

    def add(self, record: DataRecord) -> None:
        """Write a record."""

    def close(self) -> None:
        """Write the parts that come after the records, such as the data dictionary."""


def make_record(
    name: str, unit: str, report: Report, *, errors: int = 0, has_date: bool = True
) -> DataRecord:
    """Return the record of a report.

    `name`: the path of the report file below reports/, without suffix.
    `unit`: the path of the file's folder.
    `errors`: the number of findings that are errors.
    `has_date`: False if 成文日期 is only a placeholder; the record then has no date.
    """
    return DataRecord(
        _encodable(name),
        _encodable(unit),
        report.body,
        report.year,
        report.form.edition,
        report.signed.isoformat() if has_date else "",
        report.data.get("发布日期", ""),
        report.data.get("文号", ""),
        errors,
        tuple(report.values[field.pointer] for field in cell_fields(report.form)),
    )


def dictionary_rows() -> Iterator[tuple[object, ...]]:
    """Yield the rows of the data dictionary, one for each cell of each edition.

    A row has the columns in DICTIONARY, such as label, type and unit.
    """
    for edition in editions():
        for table in data_tables(load_form(edition)):
            for field in table.fields:
                yield (
                    *(edition, field.path, table.name, field.name),
                    *field.labels,
                    *(NUMBER_TYPES[field.kind], field.unit, int(field.total), field.description),
                )


def _encodable(name: str) -> str:
    """Return the name of a file, with `?` for bytes that are not UTF-8."""
    return name.encode(errors="replace").decode()
