"""The page of `framelens report` on texts that try to break out, labelled by small rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from framelens.core.settings import Settings
from framelens.project.project import Project
from framelens.report.corpus.findings import Grouping
from framelens.report.corpus.page import write_documents_report

from tests.browser.conftest import Browser
from tests.browser.documents.page import HOSTILE, PASSAGES, Page
from tests.conftest import SOURCES


@pytest.fixture(scope="session")
def documents_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in SOURCES.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(rules=str(folder), mode="rules", evidence=True)
    project = Project.open(settings)
    write_documents_report(
        project.classify(PASSAGES),
        project.classifier,
        folder / "report.html",
        grouping=Grouping(by=["speaker", "document"]),
        compare=["draft", "final"],
        title=HOSTILE,
    )
    return folder / "report.html"


@pytest.fixture
def page(browser: Browser, documents_page: Path, downloads: Path) -> Iterator[Page]:
    found = Page(browser, documents_page, downloads)
    yield found
    assert found.browser.run("return window.hit") is None
    assert found.browser.complaints() == []
