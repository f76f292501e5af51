"""Parse modes: what they yield and what they refuse."""

import pytest

from sandbox.server import markdown, markup
from sandbox.server.errors import ApiError
from sandbox.server.text import formatted

HTML = [
    ("<b>粗</b>x", "粗x", [("bold", 0, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("italic", 1, 1), ("bold", 0, 2)]),
    ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd",
     [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)]),
    ("<code>95588</code>", "95588", [("code", 0, 5)]),
    ("<pre><code class='language-sh'>ls</code></pre>", "ls", [("pre", 0, 2)]),
    ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
    ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
    ("😀<b>a</b>", "😀a", [("bold", 2, 1)]),
    ("a &lt;b&gt; &amp; &quot;c&quot; &#20013;&#x56FD;", 'a <b> & "c" 中国', []),
    ("&nbsp; &foo;", "&nbsp; &foo;", []),
    ("<b></b>a", "a", []),
    ("<B>a</B>", "a", [("bold", 0, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    got, found = markup.parse_html(source)
    assert got == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


BAD_HTML = [
    ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("中<br/>", 'Unsupported start tag "br" at byte offset 3'),
    ("a<", "Unclosed start tag at byte offset 1"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "reason"), BAD_HTML)
def test_bad_html(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        markup.parse_html(source)
    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


def test_links_in_html() -> None:
    _, found = markup.parse_html('<a href="https://Icbc.com.cn/A">x</a><a href="tg://user?id=7">y</a><a href="q">z</a>')
    assert found == [
        {"type": "text_link", "url": "https://icbc.com.cn/A", "offset": 0, "length": 1},
        {"type": "text_mention", "user_id": 7, "offset": 1, "length": 1},
    ]


MARKDOWN = [
    ("*粗* _斜_ __底__ ~删~ ||遮||", "粗 斜 底 删 遮", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
    ("`a_b` ```sh\nls```", "a_b ls", ["code", "pre"]),
    (r"3\.5 \*", "3.5 *", []),
    (r"[工行](https://icbc.com.cn/\))", "工行", ["text_link"]),
    (">引\n>用\n尾", "引\n用\n尾", ["blockquote"]),
]


@pytest.mark.parametrize(("source", "text", "kinds"), MARKDOWN)
def test_markdown_v2(source: str, text: str, kinds: list[str]) -> None:
    got, found = markdown.parse_markdown_v2(source)
    assert got == text
    assert [e["type"] for e in found] == kinds


@pytest.mark.parametrize("source", ["3.5", "a-b", "(x)", "*a", "`a", "[a](b", "a!", "#x", "a|b"])
def test_bad_markdown_v2(source: str) -> None:
    with pytest.raises(ApiError, match="can't parse entities"):
        markdown.parse_markdown_v2(source)


def test_old_markdown() -> None:
    text, found = markdown.parse_markdown("*a* `b` [c](http://d.cn/)")
    assert text == "a b c"
    assert [e["type"] for e in found] == ["bold", "code", "text_link"]
    with pytest.raises(ApiError, match="Can't find end of the entity starting at byte offset 0"):
        markdown.parse_markdown("*a")


def test_surrounding_space_goes_and_entities_follow() -> None:
    text, found = formatted("\n <b> a </b>\n", "HTML", None)
    assert (text, found) == ("a", [{"type": "bold", "offset": 0, "length": 1}])


def test_own_links_are_added() -> None:
    _, found = formatted("<b>见icbc.com.cn</b> <code>a.cn</code>", "HTML", None)
    assert [(e["type"], e["offset"]) for e in found] == [("bold", 0), ("url", 1), ("code", 13)]


@pytest.mark.parametrize("source", ["", "  \n ", "\u200b", "<b></b>", "<i> </i>"])
def test_empty_text(source: str) -> None:
    with pytest.raises(ApiError, match="message text is empty"):
        formatted(source, "HTML", None)


def test_length_is_counted_in_utf16_after_parsing() -> None:
    assert formatted("<b>" + "😀" * 2048 + "</b>", "HTML", None)[0]
    with pytest.raises(ApiError, match="message is too long"):
        formatted("😀" * 2048 + "a", None, None)
    with pytest.raises(ApiError, match="message caption is too long"):
        formatted("字" * 1025, None, None, caption=True)


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([{"type": "bold", "offset": 0, "length": 9}], "entity beginning at UTF-16 offset 0 ends after"),
        ([{"type": "bold", "offset": -1, "length": 1}], "incorrect offset or length"),
        ([{"type": "big", "offset": 0, "length": 1}], "Unsupported type"),
        ([{"type": "bold", "offset": "0", "length": 1}], "must be of type Number"),
    ],
)
def test_bad_entities(entities: list[dict[str, object]], reason: str) -> None:
    with pytest.raises(ApiError, match=reason):
        formatted("abc", None, entities)


def test_unknown_parse_mode() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        formatted("a", "bbcode", None)
