"""Pieces of patterns: the signs of YAML, and what people put in their places."""

from __future__ import annotations

from nianbao.slips import BLANKS as ODD_BLANKS

BLANK = f"[ {ODD_BLANKS}]"
BLANKS = f"{BLANK}*"
# What people write for the dash of a list.
DASH = rf"(?:[-－—–•·*＊+]|[0-9]{{1,2}}[.．、]){BLANKS}"
KEY = r"[^\s:：︰﹕∶=＝,，、;；。{}｛｝（）()【】\[\]#'\"|]{1,40}"
# The colon of YAML, and what is written for it.
COLON = "(?:[:：]{1,2}|[︰﹕∶=＝;；])"
