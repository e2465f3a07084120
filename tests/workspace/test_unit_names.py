"""Names of units that probably mean another: misspelt names are found, other units are not."""

from __future__ import annotations

from itertools import combinations

import pytest

from nianbao.workspace.unit_names import similar_unit

# What the departments of counties are called, before and after the reforms of 2018 and 2023.
KINDS = """
教育局 体育局 教育体育局 水利局 水务局 财政局 民政局 司法局 人力资源和社会保障局 自然资源局 规划局
住房和城乡建设局 住房保障局 交通运输局 交通局 农业农村局 农业局 林业局 林业和草原局 商务局 文化局
文化和旅游局 旅游局 文物局 卫生健康局 卫生健康委员会 卫生和计划生育局 退役军人事务局 应急管理局
安全生产监督管理局 审计局 市场监督管理局 统计局 医疗保障局 信访局 乡村振兴局 行政审批服务管理局
行政审批局 能源局 公安局 国家安全局 科学技术局 工业和信息化局 生态环境局 环境保护局 城市管理局
城市管理综合行政执法局 民族宗教事务局 外事办公室 政务服务中心 政府办公室 金融工作办公室 大数据局
气象局 地方志研究室 档案局 供销合作社 残疾人联合会 经济技术开发区管理委员会 发展和改革局
发展和改革委员会 粮食和物资储备局 税务局 机关事务管理局 园林局 房产管理局 地震局 国土资源局 煤炭局
畜牧兽医局 广播电视局 新闻出版局 知识产权局 药品监督管理局 食品药品监督管理局 投资促进局 招商局
扶贫开发办公室 人民防空办公室 国有资产监督管理委员会 国有资产监督管理局 公路局 海洋局 渔业局 港务局
邮政局 烟草专卖局 电力局 监察局 人事局 劳动局 统战部 城关镇 平川镇 东城街道 西城街道 南城街道
"""
# Another name of the same body, or a body that took over its duties.
SAME = """
教育局 教育体育局 交通局 交通运输局 农业局 农业农村局 林业局 林业和草原局 文化局 文化和旅游局
卫生健康局 卫生健康委员会 行政审批局 行政审批服务管理局
发展和改革局 发展和改革委员会 国有资产监督管理局 国有资产监督管理委员会
"""


@pytest.mark.parametrize("county", ["青山县", ""])
def test_of_thousands_of_pairs_only_a_few_are_asked_about(county: str) -> None:
    asked = {
        frozenset(pair)
        for pair in combinations(KINDS.split(), 2)
        if similar_unit(county + pair[0], [county + pair[1]])
    }
    names = SAME.split()
    same = {frozenset(pair) for pair in zip(names[::2], names[1::2], strict=True)}
    assert asked == same | {frozenset(("水务局", "税务局"))}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("青山县水利据", "青山县水利局"),
        ("青山县水力局", "青山县水利局"),
        ("青山县审记局", "青山县审计局"),
        ("青山县水利 局", "青山县水利局"),
        ("青山縣水利局", "青山县水利局"),
        ("青衫县水利局", "青山县水利局"),
        ("水利局", "青山县水利局"),
        ("水利局", "青山县/水利局"),
        ("青山县水利局", "水利局"),
        ("青山水利局", "青山县水利局"),
        ("青山县利水局", "青山县水利局"),
        ("青山县水利利局", "青山县水利局"),
        ("青山县交通运轮局", "青山县交通运输局"),
        ("青山县文化旅游局", "青山县文化和旅游局"),
        ("青山县卫健委", "青山县卫生健康委员会"),
        ("青山县人社局", "青山县人力资源和社会保障局"),
        ("Ａ局", "a局"),
    ],
)
def test_a_misspelt_or_short_name_is_the_unit_that_exists(name: str, known: str) -> None:
    assert similar_unit(name, ["某某中心", known]) == known


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("白山县水利局", "青山县水利局"),
        ("unit40", "unit41"),
        ("unit1", "unit11"),
        ("第一中学", "第二中学"),
        ("青山县城东街道", "青山县城西街道"),
        ("甲局", "乙局"),
        ("青山县", "白山县"),
        ("青山县", "青山县水利局"),
        ("青山县水利局", "青山县"),
        ("青山县人民政府", "青山县人民政府办公室"),
        ("青山县青山镇", "青山县青石镇"),
        ("a", "b"),
        ("x", "xy"),
    ],
)
def test_another_unit_is_another(name: str, known: str) -> None:
    assert similar_unit(name, [known]) == ""
