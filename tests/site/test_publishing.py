"""Files that are written, left and removed by a publication, and its messages."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from nianbao.preview.caches import clear_caches
from nianbao.workspace.roster import format_units
from tests.diff.git_history import commit, git
from tests.site.sites import ADDRESS, Published, write_reports
from tests.support import SEED, create_symlink, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

REPORT = "reports/水利局/2022.yaml"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def site(tmp_path: Path) -> Published:
    root = tmp_path / "repo"
    write_reports(root, {"水利局": "青山县水利局", "教育局": "青山县教育局"})
    published = Published(root, tmp_path / "site")
    done = published.publish()
    assert done.returncode == 0, done.stderr
    return published


def change(site: Published, name: str, old: str, new: str) -> None:
    file = site.root / name
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_the_same_reports_give_the_same_bytes_in_any_folder(
    site: Published, tmp_path: Path
) -> None:
    copy = Published(tmp_path / "elsewhere/repo", tmp_path / "elsewhere/other")
    shutil.copytree(site.root, copy.root)
    assert copy.publish(jobs=2).returncode == 0
    assert contents(copy.folder) == contents(site.folder)


def test_a_changed_report_changes_its_pages_and_no_others(site: Published) -> None:
    before = contents(site.folder)
    stamps = {name: (site.folder / name).stat().st_mtime_ns for name in before}
    change(site, REPORT, "成文日期: 2023-01-20", "成文日期: 2023-01-21")
    assert site.publish().returncode == 0
    after = contents(site.folder)
    changed = {name for name in after if (site.folder / name).stat().st_mtime_ns != stamps[name]}
    assert {
        "水利局/2022.html",
        "水利局/index.html",
        "years/2022.html",
        "data/2022/reports.csv",
    } <= changed
    assert not {name for name in changed if name.startswith(("教育局", "years/2021", "data/2021"))}
    shutil.rmtree(site.folder)
    assert site.publish().returncode == 0
    assert contents(site.folder) == after


def test_a_page_that_somebody_has_edited_is_made_again(site: Published) -> None:
    before = contents(site.folder)
    for name in ("水利局/index.html", "水利局/2022.html", "data/2022/cells.csv", "index.html"):
        (site.folder / name).write_text("x", "utf-8")
    assert site.publish().returncode == 0
    assert contents(site.folder) == before


def test_pages_of_reports_that_are_gone_are_removed_and_other_files_are_not(
    site: Published,
) -> None:
    (site.folder / "CNAME").write_text("www.example.gov.cn", "utf-8")
    shutil.rmtree(site.root / "reports/教育局")
    assert "删去" in site.publish().stdout
    assert not (site.folder / "教育局").exists()
    assert (site.folder / "CNAME").exists()
    assert "教育局" not in (site.folder / "index.html").read_text("utf-8")


def test_a_list_that_names_files_elsewhere_removes_none_of_them(site: Published) -> None:
    victim = site.folder.parent / "victim.txt"
    victim.write_text("", "utf-8")
    listing = site.folder / ".nianbao-site"
    outside = f"../victim.txt\n{victim}\nout/victim.txt\n"
    listing.write_text(listing.read_text("utf-8") + outside, "utf-8")
    create_symlink(site.folder / "out", site.folder.parent)
    site.publish()
    assert victim.exists()


def test_a_report_with_errors_is_named_and_left_out(site: Published) -> None:
    change(site, REPORT, "年度: 2022", "年度: 二〇二二")
    done = site.publish()
    assert done.returncode == 1
    assert f"没有放进网站：{REPORT}：1 个错误，第 2 行" in done.stderr
    assert not (site.folder / "水利局/2022.html").exists()
    assert "2022年年报" not in (site.folder / "水利局/index.html").read_text("utf-8")


def test_a_draft_is_not_published(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲局__2022=SEED.read_bytes())
    assert run_cli(["new", "2023", "甲局"], root).returncode == 0
    done = Published(root, root / "output/site").publish()
    assert "没有放进网站：reports/甲局/2023.yaml" in done.stderr
    assert not (root / "output/site/甲局/2023.html").exists()
    assert (root / "output/site/甲局/2022.html").exists()


def test_word_files_of_build_are_copied_while_they_are_up_to_date(site: Published) -> None:
    page = site.folder / "水利局/index.html"
    assert "Word 6 份" in site.publish().stdout
    assert ".docx" not in page.read_text("utf-8")
    assert run_cli(["build", "--to", "docx"], site.root).returncode == 0
    done = site.publish()
    assert "Word" not in done.stdout
    assert "PDF 6 份" in done.stdout
    made = site.root / "output/水利局/2022.docx"
    copied = site.folder / "水利局/2022.docx"
    assert copied.read_bytes() == made.read_bytes()
    assert 'href="../%E6%B0%B4%E5%88%A9%E5%B1%80/2022.docx"' in page.read_text("utf-8")
    assert 'href="./2022.docx"' in (site.folder / "水利局/2022.html").read_text("utf-8")
    change(site, REPORT, "成文日期: 2023-01-20", "成文日期: 2023-01-21")
    assert "Word 1 份" in site.publish().stdout  # that of before says another date
    assert not copied.exists()
    assert "2022.docx" not in page.read_text("utf-8")


def test_without_an_address_there_is_no_feed_and_no_map(site: Published) -> None:
    assert "没有写网址" in site.publish().stdout
    assert not (site.folder / "feed.xml").exists()
    assert "Sitemap" not in (site.folder / "robots.txt").read_text("utf-8")
    assert "canonical" not in (site.folder / "index.html").read_text("utf-8")
    (site.root / "nianbao.toml").write_text(f'网址 = "{ADDRESS.rstrip("/")}"\n', "utf-8")
    assert "没有写网址" not in site.publish().stdout
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (site.folder / "robots.txt").read_text("utf-8")
    assert f'href="{ADDRESS}"' in (site.folder / "index.html").read_text("utf-8")


def test_the_page_in_place_of_a_missing_one_has_no_link_that_leads_astray(site: Published) -> None:
    site.publish()
    links = site.page("404.html").xpath("//@href")
    assert links == ["#main"]
    (site.root / "nianbao.toml").write_text(f'网址 = "{ADDRESS}"\n', "utf-8")
    site.publish()
    links = site.page("404.html").xpath("//body//@href")
    assert f"{ADDRESS}index.html" in links
    assert all(link.startswith(("#", ADDRESS)) for link in links)


def test_without_a_whole_history_the_command_says_why(
    site: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(site.root.parent))
    for _ in range(2):  # also if the page is up to date
        assert "没有列出公布后的改动：这里不是 git 仓库" in site.publish().stdout
    git(site.root, "init", "--quiet")
    for number in range(2):
        (site.root / "x").write_text(str(number), "utf-8")
        commit(site.root, "2023-02-01T12:00:00+08:00")
    assert "没有列出公布后的改动" not in site.publish().stdout
    git(tmp_path, "clone", "--quiet", "--depth", "1", site.root.as_uri(), "shallow")
    shallow = Published(tmp_path / "shallow", tmp_path / "shallow-site")
    for _ in range(2):
        assert "git fetch --unshallow" in shallow.publish().stdout
    assert "只取了最近几次提交" in (shallow.folder / "changes.html").read_text("utf-8")


def test_changes_of_own_figures_of_a_parent_are_not_listed(tmp_path: Path) -> None:
    root = tmp_path / "county"
    write_reports(root, {"": "青山县人民政府", "本级": "青山县本级", "水利局": "青山县水利局"})
    rows: list[dict[str, str | int | bool]] = [
        {"编号": ".", "名称": "青山县人民政府"},
        {"编号": "水利局", "名称": "青山县水利局"},
        {"编号": "本级", "名称": "青山县本级", "本级": True},
    ]
    (root / "units.toml").write_text(format_units(rows), "utf-8")
    git(root, "init", "--quiet")
    commit(root, "2023-02-01T12:00:00+08:00")
    for unit in ("本级", "水利局"):
        file = root / "reports" / unit / "2022.yaml"
        file.write_text(file.read_text("utf-8").replace("其中修订16件", "其中修订15件"), "utf-8")
    commit(root, "2023-03-01T12:00:00+08:00")
    site = Published(root, root / "site")
    assert site.publish().returncode == 0
    text = site.page("changes.html").text_content()
    assert "年报公布以后又改过 1 次" in text
    assert "青山县水利局" in text
    assert "青山县本级" not in text


def test_a_folder_with_other_files_is_not_touched(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/index.html").write_text("mine", "utf-8")
    done = run_cli(["site", "-o", str(tmp_path / "photos")], root)
    assert done.returncode == 1
    assert "里有别的文件，没有动" in done.stderr
    assert contents(tmp_path / "photos") == {"index.html": b"mine"}


def test_a_repository_of_one_body_without_folders_has_a_site(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    assert Published(root, root / "output/site").publish().returncode == 0
    folder = root / "output/site"
    home = (folder / "index.html").read_text("utf-8")
    assert 'href="unit.html"' in home
    assert 'href="2022.html"' in (folder / "unit.html").read_text("utf-8")
    assert 'href="unit.html"' in (folder / "2022.html").read_text("utf-8")


def test_a_template_of_the_repository_is_used_and_a_wrong_one_is_named(site: Published) -> None:
    folder = site.root / "templates/site"
    folder.mkdir(parents=True)
    about = '{% extends "site/base.html" %}{% block main %}<p>自己的说明</p>{% endblock %}'
    (folder / "about.html").write_text(about, "utf-8")
    clear_caches()
    assert site.publish().returncode == 0
    assert "自己的说明" in (site.folder / "about.html").read_text("utf-8")
    (folder / "about.html").write_text("\n{{ nothing }}", "utf-8")
    clear_caches()
    done = site.publish()
    assert done.returncode == 1
    assert "templates/site/about.html:2" in done.stdout
    assert "自己的说明" in (site.folder / "about.html").read_text("utf-8")


def test_names_that_the_site_needs_itself_are_left_out_by_name(tmp_path: Path) -> None:
    names = ["data/2022", "Years/2022", "甲局/index", "about", "unit", "con/2022"]
    names += ["index.HTML/2022", "乙局/2022.json/2022", "site.css/2022"]
    files = {name.replace("/", "__"): SEED.read_bytes() for name in ("甲局/2022", *names)}
    site = Published(write_repo(tmp_path, **files), tmp_path / "site")
    done = site.publish()
    assert done.returncode == 1
    for name in names:
        assert f"没有放进网站：reports/{name}.yaml：" in done.stderr
    assert done.stderr.count("\n") == len(names)
    assert "1 份报告的网站" in done.stdout


def test_of_two_reports_of_a_year_the_second_is_named(tmp_path: Path) -> None:
    files = {"甲局__2022": SEED.read_bytes(), "甲局__2022-修订": SEED.read_bytes()}
    root = write_repo(tmp_path, **files)
    done = Published(root, root / "output/site").publish()
    assert done.returncode == 1
    assert "reports/甲局/2022-修订.yaml：这个单位这一年度已有 甲局/2022" in done.stderr


def test_the_json_next_to_a_page_is_that_of_build(site: Published) -> None:
    data = json.loads((site.folder / "水利局/2022.json").read_bytes())
    assert data["机关"] == "青山县水利局"
