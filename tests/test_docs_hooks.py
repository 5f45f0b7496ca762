from __future__ import annotations

from pathlib import Path

import pytest

from scripts.docs_hooks import EXAMPLES, ORDERS, PAGES, examples, on_page_content, place_of, with_links, with_orders
from tests.shared import ROOT


@pytest.mark.parametrize(
    ("page", "written", "shown"),
    [
        ("tools.md", "[a](streaming.md#async)", "[a](streaming.md#async)"),
        ("contract.md", "[a](../ARCHITECTURE.md)", "[a](project/architecture.md)"),
        ("handlers.md", "[a](../examples/08_web_app_starlette.py)", "[a](examples.md#08_web_app_starlette)"),
        ("tutorial.md", "[a](../examples)", "[a](examples.md)"),
        (
            "index.md",
            "[a](docs/tools.md#errors) and [b](SECURITY.md)",
            "[a](tools.md#errors) and [b](project/security.md)",
        ),
        ("project/architecture.md", "[a](docs/contract.md)", "[a](../contract.md)"),
        ("project/benchmarks.md", "[a](../docs/contract.md)", "[a](../contract.md)"),
        # On no page of the site: named only.
        ("compatibility.md", "see [the *tests*](../tests/compatibility).", "see the *tests*."),
        ("index.md", "[MIT](LICENSE)", "MIT"),
        # Nowhere at all: left for MkDocs, which refuses it.
        ("tools.md", "[a](../nowhere.md)", "[a](../nowhere.md)"),
        # No link of a file.
        ("tools.md", "[a](#errors) [b](https://semver.org/x.md)", "[a](#errors) [b](https://semver.org/x.md)"),
        ("tools.md", "```python\nx = [a](../ARCHITECTURE.md)\n```", "```python\nx = [a](../ARCHITECTURE.md)\n```"),
        ("tools.md", "[`x[0]`](../CHANGELOG.md)", "[`x[0]`](project/changelog.md)"),
    ],
)
def test_links_are_those_of_the_site(page: str, written: str, shown: str) -> None:
    assert with_links(written, page) == shown


def test_every_page_from_elsewhere_is_there() -> None:
    assert [source for source in PAGES.values() if not (ROOT / source).is_file()] == []
    assert all(place_of(source) == (page, "") for page, source in PAGES.items())


def test_examples_are_one_page(tmp_path: Path) -> None:
    (tmp_path / "02_later.py").write_text('"""Second."""\n\nfrom __future__ import annotations\n\nprint(2)\n')
    (tmp_path / "01_first_of_all.py").write_text(
        '"""First.\n\nMore of it.\n"""\n\nfrom __future__ import annotations\n\nprint(1)\n'
    )
    _, first, second = examples(tmp_path).split("\n\n## ")
    program = '```python title="01_first_of_all.py"\nprint(1)\n```'
    assert first == f"First of all {{ #01_first_of_all }}\n\nFirst.\n\nMore of it.\n\n{program}"
    assert second.startswith("Later { #02_later }\n\nSecond.\n\n")


def test_every_example_has_its_place() -> None:
    page = examples(ROOT / "examples")
    for path in (ROOT / "examples").glob("*.py"):
        assert place_of(f"examples/{path.name}") == (EXAMPLES, f"#{path.stem}")
        assert f"{{ #{path.stem} }}" in page


def test_the_orders_are_drawn_where_the_contract_says() -> None:
    assert with_orders("no mark") == "no mark"
    assert with_orders(f"before\n\n{ORDERS}\n\nafter").count("<svg") > 5
    assert ORDERS in (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("written", "shown"), [("<p>the end::</p>\n", "<p>the end:</p>\n"), ("<p>::</p>\n", "")])
def test_two_colons_before_code_are_one_or_none(written: str, shown: str) -> None:
    code, other = '<div class="highlight">x</div>', "<p>a::b::</p>\n<p>y</p>"
    assert on_page_content(written + code + other, None, None, None) == shown + code + other
