"""Write a copy of a Word file with the findings as Word comments."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from nianbao.errors import UsageError, UserError
from nianbao.importing.annotation.comments import add_comments, is_annotated, new_ids
from nianbao.importing.annotation.ranges import CommentedDocument
from nianbao.importing.archives import Archive
from nianbao.importing.readers.word.package import main_part
from nianbao.importing.sniffing import sniff_format
from nianbao.utils.files import (
    display_path,
    ensure_folder,
    reject_symlinks,
    remove_temporary_files,
    write_atomically,
)
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding
    from nianbao.importing.checking import Excerpt

_SAVE_AS: Final = "先在 Word 或 WPS 里另存为 .docx"


def annotate_word(data: bytes, findings: Sequence[tuple[Finding, Excerpt]]) -> bytes:
    """Add each finding as a comment to a .docx, and return the new file.

    The text, its look and existing comments do not change. Equal input gives equal bytes.

    `data`: the bytes of the .docx.
    `findings`: each finding with the part of the file that it is about.

    Raises UserError if the file is damaged, encrypted or too large.
    """
    if not findings:
        return data
    archive = Archive(data)
    document = CommentedDocument(data)
    ids = new_ids(archive, document.comment_ids, len(findings))
    document.mark(zip(ids, (excerpt for _, excerpt in findings), strict=True))
    comments = zip(ids, (finding for finding, _ in findings), strict=True)
    parts = add_comments(archive, comments, strict=document.strict)
    return archive.with_parts({main_part(archive): document.xml(), **parts})


def annotated_paths(files: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """Return, for each Word file, the path of its annotated copy.

    `folder`: the folder for all copies.

    Raises UsageError if `files` is empty, or has a file that does not end with .docx. Raises
    UsageError if two files have the same name, or if a copy would replace its original.
    """
    targets: dict[Path, Path] = {}
    for file in files:
        if file.suffix.lower() != ".docx":
            raise UsageError(f"--annotate 只能批注 .docx：{file} {_SAVE_AS}")
        target = folder / file.name
        if target.name.casefold() in {each.name.casefold() for each in targets.values()}:
            raise UsageError(f"有两个文件都叫 {target.name}，批注不能写到一个文件夹：分两次运行")
        if os.path.exists(target) and os.path.samefile(target, file):  # noqa: PTH110, PTH121
            raise UsageError(f"{target} 就是要批注的文件，不写在它上面：换个文件夹")
        targets[file] = target
    if not targets:
        raise UsageError("写出要批注的 Word 文件，例如 check 报告.docx --annotate 批注")
    return targets


def write_annotated(
    root: Path, file: Path, target: Path, findings: Sequence[tuple[Finding, Excerpt]]
) -> None:
    """Write the annotated copy of a Word file; an earlier annotated copy is replaced.

    `root`: the folder of the repository.
    `file`: the Word file.
    `target`: the path of the copy.
    `findings`: each finding with the part of the file that it is about.

    Raises UserError if `file` can't be read or is no .docx, or if `target` can't be replaced.
    Raises UserError for symbolic links below `root`.
    """
    try:
        data = file.read_bytes()
        if sniff_format(data) != "docx":
            raise UserError(f"{file} 不是 .docx，只是名字像，没有批注：{_SAVE_AS}")
        reject_symlinks(root, target)
        if target.is_symlink():
            raise UserError(f"{display_path(target)} 是一个链接，不跟着它走。换个文件夹")
        if os.path.lexists(target):
            existing = target.read_bytes() if target.is_file() else b""
            if existing != data and not is_annotated(existing):
                shown = display_path(target)
                raise UserError(f"已有 {shown}，里面没有本程序的批注，没有动：换个文件夹，或删掉它")
    except OSError as error:
        raise UserError(f"{file}：读不了：{describe_os_error(error)}") from error
    ensure_folder(target.parent)
    remove_temporary_files([target.parent])
    write_atomically(target, annotate_word(data, findings))
