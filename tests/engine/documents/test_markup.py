from __future__ import annotations

import pytest

from assistream.engine.documents.markup import page
from assistream.engine.documents.parsing import parse


def told(html: str) -> str:
    return parse("html", html.encode())


def test_a_page() -> None:
    html = """<!doctype html><html><head><title>The title</title><style>p {}</style>
    <script>no("<p>no</p>")</script></head>
    <body><!-- no --><h2>A <em>heading</em></h2><p>One &amp; two&nbsp;&lt;three&gt;
    caf&eacute; &#8364;</p><div>A line<br>another<span> and</span> more</div>
    <ul><li>first<li><p>second</p><ul><li>inner</ul></ul><noscript>no</noscript>
    <table><tr><th>Name<th>City</tr><tr><td>Ada<td>Z&uuml;rich</tr></table>
    <pre>def f():
        return 1</pre><img src=x alt="A picture"><template>no</template></body></html>"""
    assert told(html) == "\n".join(
        [
            "The title\n",
            "## A heading\n",
            "One & two <three> café €\n",
            "A line\nanother and more\n",
            "- first",
            "\n- second\n",
            "- inner\n",
            "Name | City\nAda | Zürich\n",
            "def f():\n        return 1\n",
            "A picture",
        ]
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("just words", "just words"),
        ("<p>never closed <b>at all", "never closed at all"),
        ("</div></p>words</pre> more  words", "words more words"),
        ("<h1></h1><p>words", "words"),
        ("a <unknown-tag>b</unknown-tag> c", "a b c"),
        ("<script>no</script >words<script>and no end", "words"),
        ("&nosuch; &#xfffffff; &#0; 1 < 2", "&nosuch;"),
        ("日本語 <b>テキスト</b>🙂", "日本語 テキスト🙂"),
    ],
)
def test_what_pages_look_like(html: str, text: str) -> None:
    assert told(html).startswith(text)


def test_depth_does_not_matter() -> None:
    assert told("<div>" * 200_000 + "words" + "</div>" * 200_000) == "words"


def test_text_across_pieces() -> None:
    words = [f"wörd{number}" for number in range(50_000)]
    assert "\n".join(page("<p>" + " ".join(words))).split() == words
