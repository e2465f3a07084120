# 入口。环境怎样准备，写在 tools/setup.py 里。
PYTHON ?= python3
VENV := .venv/bin
DIST := dist

.PHONY: build setup fonts test test-slow docs wheel lint-quality bench import-quality fuzz faults demo pictures lock clean help
.DEFAULT_GOAL := build

build: setup ## 准备环境并生成全部年报（直接运行 make 即是）
	@$(VENV)/python build.py

setup: ## 只准备环境：.venv、依赖、系统库、字体
	@$(PYTHON) tools/setup.py

fonts: ## 重新下载并裁剪字体
	@$(PYTHON) tools/setup.py --renew-fonts

test: ## 检查代码并运行测试（缺浏览器、语言服务器、axe 的，能装就先装）
	@$(PYTHON) tools/setup.py --tests
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/python -m pytest -n 2

test-slow: setup ## 运行太慢、不放在 make test 里的测试
	$(VENV)/python -m pytest -n 2 -m slow

docs: setup ## 由规则的文档字符串生成 docs/rules.md
	@$(VENV)/python build.py rules --markdown --output docs/rules.md

wheel: setup ## 打成可以用 pip、pipx 安装的包：dist/nianbao-….whl
	@"$(VENV)/python" -m hatchling build -t wheel -d "$(DIST)"

lint-quality: setup ## 用标注句子量正文检查的精确率和召回率
	@PYTHONPATH=. $(VENV)/python tests/checks/claims/corpus.py

bench: setup ## 量速度（docs/benchmarks.md）；只量几项：make bench PARTS="1 2"
	@$(VENV)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock
	@PYTHONPATH=tools:. $(VENV)/python -m bench $(PARTS)

import-quality: setup ## 造出各种软件做的文件，导入后和原数对照；--each 列出每处：make import-quality EACH=1
	@$(VENV)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock
	@PYTHONPATH=tools:. $(VENV)/python -m import_quality $(if $(EACH),--each) $(if $(FOLDER),--folder $(FOLDER))

faults: setup ## 打断、磁盘满、只读、文件消失之后，文件是否完整（make faults KILLS=100 SEED=1 CASES="fmt new"）
	@PYTHONPATH=tools:. $(VENV)/python -m faults $(CASES) $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

fuzz: setup ## 造出各种输入，找程序的毛病（docs/robustness.md）；make fuzz SECONDS=600，重放 SEED=…
	@PYTHONPATH=tools:. $(VENV)/python -m fuzz --seconds $(or $(SECONDS),60) \
		$(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE)) $(if $(IMPORTS),--imports) $(if $(FROM),--from $(FROM))

demo: setup ## 演示：编造的一个县，十二个单位五年的年报和网站，放在 output/demo
	@PYTHONPATH=tools:. $(VENV)/python -m demo

pictures: setup ## 更新 docs/images 里的图片（要有 Chromium 和中文字体）
	@PYTHONPATH=tools:. $(VENV)/python tools/pictures.py

lock: ## 更新 requirements.lock
	@$(PYTHON) tools/lock.py

clean: ## 删除 make 产生的一切（环境、字体、缓存、输出）
	rm -rf .venv .fonts .mypy_cache .pytest_cache .ruff_cache .hypothesis .fuzz dist
	rm -rf tests/node_modules
	find output -mindepth 1 ! -name .gitkeep -delete
	find nianbao tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## 显示本说明
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
