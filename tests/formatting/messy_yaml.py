"""Reports as no program writes them: keys in any order, odd indentation, comments anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.strategies import write_yaml

if TYPE_CHECKING:
    from random import Random


class Scrawler:
    """Writes data as YAML with a hand that `random` moves; every comment says what it is about."""

    def __init__(self, random: Random, chance: float) -> None:
        self._random = random
        self._chance = chance
        self._count = 0

    def report(self, data: dict[str, Any]) -> str:
        """A whole report, perhaps below a `---` and perhaps with a line at its top."""
        top = "# 文件头\n" if self._often() else ""
        start = "%YAML 1.1  # 版本\n---  # 开头\n" if self._random.random() < 0.1 else ""
        return top + start + self._mapping(data, 0) + (self._own(0) if self._often() else "")

    def _often(self) -> bool:
        return self._random.random() < self._chance

    def _remark(self) -> str:
        self._count += 1
        words = self._random.choice(["批注", "a: b", "{", "- 项", "“引号' \"", "|", "尾空格  "])
        return f"#{self._count} {words}"

    def _own(self, indent: int) -> str:
        """Lines between entries: comments, blank lines."""
        blank = "\n" * self._random.choice([0, 0, 1, 3])
        return blank + " " * indent + self._remark() + "\n" + "\n" * self._random.choice([0, 0, 1])

    def _next_to(self) -> str:
        return " " * self._random.randint(1, 4) + self._remark() if self._often() else ""

    def _shuffled(self, data: dict[str, Any]) -> list[tuple[str, Any]]:
        entries = list(data.items())
        if self._random.random() < 0.5:
            self._random.shuffle(entries)
        return entries

    def _mapping(self, data: dict[str, Any], indent: int, first: str = "") -> str:
        """Entries below each other; `first` stands in the place of the first one's indentation."""
        out = ""
        for key, value in self._shuffled(data):
            if out or not first:
                out += self._own(indent) if self._often() else ""
            out += first if first and not out else " " * indent
            out += self._random.choice([key, f'"{key}"', key]) + ":"
            out += self._value(value, indent)
        return out + (self._own(indent) if self._often() else "")

    def _value(self, value: Any, indent: int) -> str:
        """Return the text after a colon or a dash, including the end of the line."""
        step = indent + self._random.randint(1, 5)
        if isinstance(value, str) and "\n" in value:
            return self._text(value, indent)
        if isinstance(value, dict) and value and not self._brackets(value):
            return self._next_to() + "\n" + self._mapping(value, step)
        if isinstance(value, list) and value and not self._brackets(value):
            out = self._next_to() + "\n"
            for item in value:
                out += self._own(step) if self._often() else ""
                out += " " * step + "-"
                if isinstance(item, dict):
                    gap = self._random.randint(1, 3)
                    out += self._mapping(item, step + 1 + gap, " " * gap)
                else:
                    out += self._value(item, step)
            return out
        if isinstance(value, (dict, list)):
            return " " + self._flow(value, step) + self._next_to() + "\n"
        comment = self._next_to()
        return f" {_line(value)}{comment}\n" if value is not None else comment + "\n"

    def _brackets(self, value: dict[str, Any] | list[Any]) -> bool:
        """Decide at random if a group is written in brackets; never if a text has several lines."""
        return "\\n" not in repr(value) and self._random.random() < 0.6

    def _flow(self, value: Any, indent: int) -> str:
        if not isinstance(value, (dict, list)):
            return _line(value) if value is not None else ""
        keyed = isinstance(value, dict)
        entries = (
            self._shuffled(value) if isinstance(value, dict) else [("", item) for item in value]
        )
        parts: list[str] = []
        for key, item in entries:
            part = (f"{key}: " if key else "") + self._flow(item, indent)
            # A line may break behind any comma, and before the bracket that closes.
            broken = self._often()
            parts.append(part + ("," if len(parts) + 1 < len(entries) else ""))
            if broken:
                parts[-1] += self._next_to() + "\n" + (self._own(indent) if self._often() else "")
                parts[-1] += " " * indent
            else:
                parts[-1] += " "
        inside = "".join(parts)
        return f"{{{inside}}}" if keyed else f"[{inside}]"

    def _text(self, value: str, indent: int) -> str:
        """A text below its `|`, indented by any number of blanks."""
        lines = value.removesuffix("\n").split("\n")
        step = self._random.randint(1, 6)
        sign = str(step) if lines[0].startswith(" ") or not lines[0] else ""
        body = "".join(f"{' ' * (indent + step)}{line}\n" if line else "\n" for line in lines)
        if value.endswith("\n\n") or self._random.random() < 0.2:
            # Every blank line that follows would be part of it.
            return f" |{sign}+{self._next_to()}\n{body}" + " " * indent + self._remark() + "\n"
        return f" |{sign}{self._next_to()}\n{body}" + "\n" * self._random.choice([0, 0, 2])


def _line(value: object) -> str:
    """A value on one line, quoted where YAML wants it."""
    text = write_yaml({"a": [value]}).removeprefix("a:\n- ").rstrip("\n")
    # What is plain on a line of its own need not be in brackets.
    if isinstance(value, str) and any(sign in value for sign in ",[]{}?:"):
        return text if text[0] in "'\"" else "'" + value.replace("'", "''") + "'"
    return text
