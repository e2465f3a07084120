"""The compression of the streams of a PDF."""

import zlib

import pydyf

from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint

ENDS_BADLY = next(
    text for text in map(str, range(100_000)) if zlib.compress(text.encode(), 9)[-1:] == b"\r"
)


def test_a_stream_that_would_end_with_a_carriage_return_is_not_compressed() -> None:
    patched_weasyprint()
    assert pydyf.Stream([ENDS_BADLY], compress=True).data == (
        f"<</Length {len(ENDS_BADLY)}>>\nstream\n{ENDS_BADLY}\nendstream".encode()
    )


def test_any_other_stream_is_compressed() -> None:
    patched_weasyprint()
    content = "annual report " * 50
    written = pydyf.Stream([content], compress=True).data
    assert b"/FlateDecode" in written
    assert len(written) < len(content)


def test_a_stream_is_compressed_once_though_it_is_read_twice() -> None:
    patched_weasyprint()
    stream = pydyf.Stream(["annual report " * 50], compress=True)
    assert stream.data is stream.data
