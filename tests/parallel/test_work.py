"""What a worker holds between its shards."""

from framelens.core.settings import Settings, Tables
from framelens.parallel.work import opened


def test_rules_and_model_are_opened_once_whatever_the_tables() -> None:
    first = opened(Settings())
    settings = Settings(tables=Tables(ids=False), columns=("country",))
    then = opened(settings)
    assert then.classifier is first.classifier
    assert then.settings == settings
    assert opened(Settings(mode="rules")).classifier is not first.classifier
