"""What doccano makes of a file, by its own code: run with the Python of an environment that has it.

    python in_doccano.py FILE.jsonl FOLDER '{"number of the sentence": ["label"]}'

Imports FILE into a project of text classification, gives labels as an annotator would, and exports
FOLDER/all.jsonl. DOCCANO_HOME is a folder that may be filled.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import backend  # type: ignore[import-not-found]  # which is what doccano's package is called
import django  # type: ignore[import-not-found]

home = Path(os.environ["DOCCANO_HOME"])
os.environ |= {
    "STANDALONE": "True",
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DATABASE_URL": f"sqlite:///{home / 'db.sqlite3'}",
    "MEDIA_ROOT": str(home / "media"),
    "SECRET_KEY": "for a test",
}
sys.path.append(str(Path(backend.__file__).parent))
django.setup()

# ruff: noqa: E402  # none of it can be imported before
from data_export.celery_tasks import (  # type: ignore[import-not-found]
    create_collaborative_dataset,
    create_formatter,
    create_writer,
)
from data_import.datasets import load_dataset  # type: ignore[import-not-found]
from data_import.pipeline.catalog import create_file_format  # type: ignore[import-not-found]
from data_import.pipeline.readers import FileName  # type: ignore[import-not-found]
from django.contrib.auth import get_user_model  # type: ignore[import-not-found]
from django.core import management  # type: ignore[import-not-found]
from examples.models import Example  # type: ignore[import-not-found]
from label_types.models import CategoryType  # type: ignore[import-not-found]
from labels.models import Category  # type: ignore[import-not-found]
from projects.models import TextClassificationProject  # type: ignore[import-not-found]


def main(source: str, folder: str, given: str) -> None:
    """Import, label, export."""
    management.call_command("migrate", verbosity=0)
    management.call_command("create_roles")
    user = get_user_model().objects.create(username="ana")
    project = TextClassificationProject.objects.create(
        name="frames",
        description="-",
        created_by=user,
        project_type="DocumentClassification",
        collaborative_annotation=True,
    )
    name = FileName(full_path=source, generated_name="in.jsonl", upload_name="in.jsonl")
    dataset = load_dataset(
        "DocumentClassification", create_file_format("JSONL"), [name], project, encoding="utf-8"
    )
    dataset.save(user)
    assert dataset.errors == []
    examples = list(Example.objects.filter(project=project).order_by("id"))
    for number, labels in json.loads(given).items():
        for label in labels:
            kind, _ = CategoryType.objects.get_or_create(project=project, text=label)
            Category.objects.create(example=examples[int(number)], label=kind, user=user)
    formatters, writer = create_formatter(project, "JSONL"), create_writer("JSONL")
    create_collaborative_dataset(project, folder, False, formatters, writer)


main(*sys.argv[1:])
