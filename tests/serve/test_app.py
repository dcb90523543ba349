"""The application: its page, its API and the description of that."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from fastapi.testclient import TestClient
from framelens.cli.main import Exit, run
from framelens.core.codebook import Frame, Scheme
from framelens.core.version import __version__
from framelens.report.methods import SHIPPED_LABELS
from framelens.serve.app import create_app
from framelens.serve.engine import Engine
from framelens.serve.guard import HEADERS
from framelens.serve.hosts import ANY, trusted
from framelens.serve.limits import Limits
from framelens.serve.page import files
from framelens.serve.schema import Answer, FileAnswer, Health

from tests.serve.conftest import STATEMENT

HOSTILE = "</template></textarea><script>alert('x')</script> & \"quoted\""


@pytest.mark.parametrize("unit", ["document", "sentence"])
@pytest.mark.parametrize("explain", [False, True])
def test_it_answers_what_the_command_line_writes(
    client: TestClient,
    rules_folder: Path,
    capsys: pytest.CaptureFixture[str],
    unit: str,
    explain: bool,
) -> None:
    arguments = ["classify", "--text", STATEMENT, "--rules", str(rules_folder), "--rules-only"]
    arguments += ["--format", "jsonl", "--unit", unit, *(["--explain"] if explain else [])]
    assert run(arguments) == Exit.OK
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = client.post("/classify", json={"text": STATEMENT, "unit": unit, "explain": explain})
    assert found.status_code == 200
    rows = found.json()["sentences"]
    assert [{name: row[name] for name in row if name != "flip"} for row in rows] == lines


@pytest.mark.parametrize("text", [STATEMENT, "", " \n\t", "<b>talks</b>", "\x00\u202e talks"])
@pytest.mark.parametrize("explain", [False, True])
def test_answers_are_as_described(client: TestClient, text: str, explain: bool) -> None:
    found = client.post("/classify", json={"text": text, "explain": explain})
    answer = Answer.model_validate_json(found.content, strict=True)
    assert answer.version == __version__
    assert bool(answer.sentences) == bool(text.strip())
    for row in answer.sentences:
        assert text[row.start : row.end] == row.text
        assert (row.bias is not None) == explain
    assert found.headers["content-type"] == "application/json"


def test_health(client: TestClient, engine: Engine) -> None:
    found = Health.model_validate_json(client.get("/health").content, strict=True)
    assert (found.status, found.rules, found.mode) == ("ok", engine.source.rules, "rules")


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (b"", 422, "body: Field required"),
        (b"{", 422, "body: not JSON"),
        (b"[]", 422, "body: Input should be a valid dictionary"),
        (b"{}", 422, "text: Field required"),
        (b'{"text": 1}', 422, "text: Input should be a valid string"),
        (b'{"text": "a", "unit": "word"}', 422, "unit: Input should be 'document' or 'sentence'"),
        (b'{"text": "a", "sentence": true}', 422, "sentence: Extra inputs are not permitted"),
        (b'{"text": "a", "\\ud800": 1}', 422, "body: Input should be a valid string"),
        (b'{"text": "ab\\ud800"}', 422, "text: character 2 is half a surrogate pair"),
        (b'{"text": "\xff"}', 400, "body: not JSON that can be read"),
        (b"[" * 100_000, 400, "body: not JSON that can be read"),
    ],
)
def test_what_is_wrong_is_said_on_one_line(
    client: TestClient, body: bytes, status: int, problem: str
) -> None:
    headers = {"content-type": "application/json"}
    found = client.post("/classify", content=body, headers=headers)
    assert found.status_code == status
    assert found.json()["error"].startswith(problem)
    assert found.text.count("\n") == 1


def test_what_a_request_brings_is_quoted_in_part(client: TestClient) -> None:
    body = {"text": "a", "k" * 100_000: 1}
    assert len(client.post("/classify", json=body).content) < 2_000


@pytest.mark.parametrize("content", ["!!!", "VGhl!", "é", "abc", 3, None])
def test_what_is_no_base64_is_refused(client: TestClient, content: object) -> None:
    found = client.post("/file", json={"name": "a.txt", "content": content})
    assert found.status_code == 422
    assert found.json() == {"error": "content: not base64; expected a file's bytes in it"}


def test_base64_may_have_line_breaks(client: TestClient) -> None:
    found = client.post("/file", json={"name": "a.txt", "content": "VGhl\r\nIHRhbGtz\n"})
    assert found.json()["text"] == "The talks"


def test_a_sentence_is_bounded(engine: Engine) -> None:
    client = TestClient(create_app(engine, limits=Limits(sentence=9)), base_url="http://localhost")
    for text, status in (("The talks", 200), ("The talks.", 413)):
        asked = client.post("/classify", json={"text": text, "unit": "sentence"})
        assert asked.status_code == status
    assert client.post("/classify", json={"text": "The talks."}).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/nothing", "/../pyproject.toml"])
def test_nothing_else_is_there(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert (found.status_code, found.json()) == (404, {"error": "Not Found"})
    assert client.put("/classify").json() == {"error": "Method Not Allowed"}


def test_no_other_origin_is_let_in(client: TestClient) -> None:
    ways = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for found in (client.options("/classify", headers=ways), client.get("/health", headers=ways)):
        assert not [name for name in found.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("localhost", True),
        ("LOCALHOST:80", True),
        ("127.0.0.1:8000", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("", False),
        ("evil.example", False),
        ("localhost.evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
        ("192.168.0.7:8000", False),
        ("0.0.0.0", False),
        ("[::1].evil.example", False),
        ("[fe80::1]", False),
        ("127.8.9.1", False),
    ],
)
def test_only_loopback_names_are_answered(engine: Engine, host: str, answered: bool) -> None:
    def ask(hosts: Sequence[str]) -> tuple[int, str]:
        client = TestClient(create_app(engine, hosts=hosts), base_url="http://localhost")
        found = client.get("/health", headers={"host": host})
        assert HEADERS.items() <= dict(found.headers).items()
        return found.status_code, found.text

    if answered:
        assert ask(trusted("127.0.0.1"))[0] == 200
    else:
        assert ask(trusted("127.0.0.1")) == (400, "Invalid host header")
    assert ask(ANY)[0] == 200


def test_a_server_answers_to_the_address_it_listens_at() -> None:
    assert "127.8.9.1" in trusted("127.8.9.1")
    assert "[::1]" in trusted("::1")
    for host in ("0.0.0.0", "::", "192.168.0.7", "example.org"):
        assert trusted(host) == ANY


def test_the_description_tells_all(client: TestClient) -> None:
    found = client.get("/openapi.json").json()
    assert set(found["paths"]) == {"/health", "/classify", "/file"}
    answers = found["paths"]["/classify"]["post"]["responses"]
    assert {"200", "413", "415", "422", "503"} <= set(answers)
    shapes = found["components"]["schemas"]
    assert "HTTPValidationError" not in shapes
    assert set(shapes["Question"]["properties"]) == {"text", "unit", "explain"}
    for shape in shapes.values():
        assert shape["description"]


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert HEADERS.items() <= dict(page.headers).items()
    assert client.head("/").status_code == 200
    loaded = re.findall(r'(?:src|href)="([^#"]+)"', page.text)
    assert {"page.css", "page.js", "icon.svg"} <= set(loaded)
    for name in loaded:
        assert client.get(f"/{name}").status_code == 200
    every = [page.text, *(client.get(f"/{name}").text for name in ("page.css", "page.js"))]
    for text in every:
        assert "//" not in re.sub(r"http://www\.w3\.org/2000/svg|(?m:(^|\s)// .*$)", "", text)
    assert not re.search(r"<script>|<style| style=| on[a-z]+=", page.text)


def test_what_the_scheme_says_is_escaped(engine: Engine) -> None:
    scheme = Scheme(HOSTILE, (Frame("look", HOSTILE, "<", "blue"), Frame('a"b', "x", '"', "red")))
    rules = replace(engine.classifier.rules, scheme=scheme)
    page = _page(engine, rules=rules)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 2
    assert 'data-name="a&#34;b"' in page


def test_what_the_example_says_is_escaped(engine: Engine) -> None:
    rules = engine.classifier.rules
    first = replace(rules.rules[0], matches=(HOSTILE,))
    page = _page(engine, rules=replace(rules, rules=(first, *rules.rules[1:])))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_does_not_promise_what_a_shared_server_cannot_keep(engine: Engine) -> None:
    shared, local = (files(engine, Limits(), local=way)[0].body for way in (False, True))
    assert "stays on this machine" in local
    assert "stays on this machine" not in shared


def test_the_page_says_who_labelled_what_the_shipped_model_learned_from(engine: Engine) -> None:
    shipped, other = (files(it, Limits(), local=True)[0].body for it in (Engine.open(), engine))
    assert f"trained on were {SHIPPED_LABELS}." in shipped
    assert SHIPPED_LABELS not in other


def _page(engine: Engine, *, rules: object) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.classifier, "rules", rules)
        return files(engine, Limits(), local=True)[0].body


FILES = [
    (
        "a.html",
        b"<html><body><main><p>The rapporteur came.</p></main></body></html>",
        200,
        "The rapporteur came.",
    ),
    ("../a.csv", b"text\nOne.\nTwo.\n", 200, "One.\n\nTwo."),
    ("ids.csv", b"id,text\na,One.\na,Two.\nb,Three.\n", 200, "One.\n\nTwo.\n\nThree."),
    ("a.pdf", b"frogs", 422, "a.pdf: not a PDF that can be read: "),
    ("a.exe", b"MZ", 422, "a.exe: expected a file ending in .csv, .doc, "),
    (
        "a.txt",
        b"One.\nA caf\xe9.",
        422,
        "a.txt: byte 0xE9 at offset 10 (line 2) is not UTF-8; save it as UTF-8",
    ),
    ("a.txt", b"One.\0", 422, "a.txt: looks binary; expected text; mend it, or take it out"),
    (
        "a.csv",
        b"a;b\nOne.;1\n",
        422,
        "a.csv:1: no column 'text' in the header; found a, b (cells between semicolon); call the column",
    ),
    (
        "a.jsonl",
        b"[1]\n",
        422,
        "a.jsonl:1: expected an object with a field 'text', found a list; mend",
    ),
]


@pytest.mark.parametrize(("name", "content", "status", "expected"), FILES)
def test_the_text_of_a_file(
    client: TestClient, name: str, content: bytes, status: int, expected: str
) -> None:
    found = client.post("/file", json={"name": name, "content": b64encode(content).decode()})
    assert found.status_code == status
    said = found.json()["text" if status == 200 else "error"]
    assert said.startswith(expected)
    assert status == 200 or "--" not in said


def test_of_a_file_that_counts_which_counts_in_reports(
    client: TestClient, rules_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Document()
    document.add_heading("Talks and visits")
    document.add_paragraph("The talks failed. They visited the prison.")
    document.add_table(1, 2).cell(0, 0).text = "The talks of the second week failed."
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "b.html").write_text(
        "<html><body><main><h1>Talks and visits</h1><p>The talks failed, and nobody came.</p>"
        "<table><tr><td>The talks of May failed.</td><td>9</td></tr></table></main></body></html>"
    )
    (tmp_path / "c.csv").write_text("text\nThe talks failed.\nTALKS AND VISITS\n")
    kinds = set()
    for path in sorted(tmp_path.iterdir()):
        options = ["--rules", str(rules_folder), "--rules-only", "--format", "jsonl"]
        assert run(["classify", str(path), *options, "--only", "prose", "--language", "en"]) == 0
        expected = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        body = {"name": path.name, "content": b64encode(path.read_bytes()).decode()}
        answer = FileAnswer.model_validate_json(
            client.post("/file", json=body).content, strict=True
        )
        rows = [(row, (row.meta or {}).get("kind", "prose")) for row in answer.sentences]
        assert all(answer.text[row.start : row.end] == row.text for row, _ in rows)
        assert [row.text for row, kind in rows if kind == "prose"] == [
            it["text"] for it in expected
        ]
        kinds |= {kind for _, kind in rows}
    assert kinds == {"prose", "heading", "table"}


def test_a_file_may_be_larger_than_a_text(engine: Engine) -> None:
    limits = Limits(body=2_000, file=20_000)
    client = TestClient(create_app(engine, limits=limits), base_url="http://localhost")
    long = "The talks failed. " * 400
    page = f"<html><!-- {long} --><body><main><p>They came.</p></main></body></html>"
    for name, text, problem in (
        ("a.html", page, ""),
        ("a.txt", long, "a.txt: 7,199 bytes of text; expected at most 2,000"),
        ("a.txt", 3 * long, "the body is too large; expected at most 20,000 bytes"),
    ):
        found = client.post(
            "/file", json={"name": name, "content": b64encode(text.encode()).decode()}
        )
        assert found.json().get("error", "") == problem
    assert client.post("/classify", json={"text": long}).status_code == 413
