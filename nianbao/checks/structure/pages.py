"""Help pages for the findings that no rule makes: about files, structure, settings and fonts.

docs/findings.md has the same texts; a test compares them.
"""

from __future__ import annotations

from typing import Final

from nianbao.diagnostics.finding import Severity
from nianbao.model.prose import (
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_LINE_MARKS,
    MAX_LINES,
    MAX_MARKED_CHARACTERS,
    MAX_MARKS,
    MAX_NESTING,
)

# ID: (meaning, help), each one line of Markdown.
STRUCTURE_DOCS: Final[dict[str, tuple[str, str]]] = {
    "S001": (
        "没有这个文件；或者它是文件夹、断开的链接、指向文件夹或别处的链接；或者没有权限读",
        "检查文件名；放上文件本身，不用链接",
    ),
    "S002": ("文件超过 4 MB", "多半放错了文件"),
    "S003": (
        "不是 UTF-8 编码（记事本存成了 GBK 或 UTF-16）",
        "在编辑器里另存为 UTF-8；带不带 BOM 都可以",
    ),
    "S004": (
        "不是合法的 YAML：括号或引号没有配对、缩进不齐、文字里有半角冒号；或者合并冲突没有解决",
        "按指出的字改；照着上下行对齐",
    ),
    "S005": (
        "用了本项目不要的 YAML 写法：锚点 `&`、引用 `*`、标签 `!`、一个文件几份文档 `---`",
        "去掉，把内容写在原处",
    ),
    "S006": ("同一个键写了两次", "删掉一个"),
    "S007": ("嵌套超过 24 层", "检查缩进和括号"),
    "S008": (
        "有制表符（Tab），或从 Word、网页粘贴来的、或用引号里的反斜杠写出的看不见的字符",
        "制表符改成空格；看不见的字符删掉",
    ),
    "S009": ("文件是空的，或者只有批注", "删掉它，用 `new` 起草：`new 2023`"),
    "S010": ("几行文字没有写在 `|` 后面，会连成一行", "冒号后面写 `|`，正文从下一行起，多缩进两格"),
    "S011": ("文件里的值（键、格子、列表的项）超过 20000 个", "多半放错了文件"),
    "S101": (
        "缺少一行、一列、一部分，或格子里的 `数值`、`注`",
        "补上；没有就填 0，不适用填 `/`。总计可以不写",
    ),
    "S102": ("没有这个键，多半是写错了字", "改成提示的那个键"),
    "S103": (
        "格子里不是数：空着、写了文字或单位、负数、小数、全角数字、加了引号、`-`",
        "按提示改；没有就填 0，不适用填 `/`",
    ),
    "S104": (
        "输入的手误：全角标点和括号、冒号后面没有空格、少了冒号、逗号或括号、千分位逗号、文字里的半角逗号、列表的减号、键里看不见的字符、缩进",
        "按提示改",
    ),
    "S105": (
        "值不合要求：该写文字的写了别的、该写一行的写了几行、年度不是整数、该写一组的写了一个数",
        "按提示改",
    ),
    "S106": ("日期不对：没有这一天，或者不是 `2023-01-31` 这样的写法", "四位年、两位月、两位日"),
    "S107": (
        "`格式` 不认识；或者表格（或其中几行）是另一年格式的",
        "2021 年度起写 2021；2019、2020 年度写 2019；表格和 `格式` 要一致",
    ),
    "S190": ("超过 200 处，后面的不再列出", "先改前面的"),
    "S201": (
        "`{{ }}` 里的名字在报告里没有、没有写完，写了算式、函数，或者写在格子的注、机关、文号里",
        "写成 `{{ 部分.行.列 }}`，只用报告里的键，用点连接；格子的注、机关、文号里直接写数",
    ),
    "S202": (
        (
            f"正文超过了限度。各段一共 {MAX_CHARACTERS} 字；有 Markdown 记号的各段一共"
            f" {MAX_MARKED_CHARACTERS} 字、{MAX_LINES} 行、{MAX_MARKS} 个记号、{MAX_CELLS} 格表格；"
            f"一个表格 {MAX_COLUMNS} 列，列表和引用 {MAX_NESTING} 层，一行 {MAX_LINE_MARKS} 个记号"
        ),
        "多半贴错了东西；大的表格另作附件，太长的一行分成几段",
    ),
    "S301": (
        "`nianbao.toml` 不是合法的 TOML，或者里面的键、值不认识",
        '按提示改。每行是 `键 = "值"`：等号、引号用半角，文字加引号，键不用。改好以前什么也不生成',
    ),
    "S302": (
        "你自己的模板（`templates/` 里的）有语法错误，或者用了没有的名字",
        "改指出的那一行；那个格式没有生成，别的照常",
    ),
    "S303": (
        "提示：仓库里供编辑器用的 `schema.json` 和程序的不一样，编辑器提示的和检查的可能对不上",
        "`schema --output schema.json` 写新的；自己加的格式，加在程序的那一份里。只有 `check` 看",
    ),
    "S304": (
        (
            "`templates/` 里有自己的 report.css 或 print.css，整个替换了自带的样式；"
            "或者 `[样式]` 的强调色在浅色底上看不清"
        ),
        (
            "只改几处的，写在 extra.css 或 extra-print.css 里，它们加在自带样式的后面；"
            "强调色写成提示里的颜色"
        ),
    ),
    "F501": (
        "PDF 的各种字体都没有这个字（例如表情符号），印出来会是方框，所以不生成 PDF",
        "换一个写法；网页和 Markdown 不受影响。`check` 里是警告；没有装字体的机器上不检查",
    ),
    "F502": (
        "正文、注和标题印出来超过 4000 行（一行 28 字，约 11 万字），不生成 PDF",
        "精简，或者把长的部分另作附件；网页和 Markdown 不受影响。`check` 里是警告",
    ),
}
# Of the findings of these pages that are no errors.
STRUCTURE_SEVERITIES: Final = {"S303": Severity.INFO, "S304": Severity.WARNING}
