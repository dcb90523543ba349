from __future__ import annotations

from pathlib import Path

from framelens.rules.rule_files import read_rules
from framelens.training.saving import BEGIN, END, save
from framelens.training.train import Trained, train

from tests.training.test_train import corpus


def test_the_card_has_the_figures_and_keeps_what_people_wrote(
    tmp_path: Path, small_folder: Path
) -> None:
    trained: Trained = train(corpus(), read_rules(small_folder))
    card = tmp_path / "MODEL_CARD.md"
    card.write_text("# Ours\n", encoding="utf-8")
    save(trained, tmp_path)
    assert card.read_text(encoding="utf-8").startswith(f"# Ours\n\n{BEGIN}\n")
    card.unlink()
    save(trained, tmp_path)
    first = card.read_text(encoding="utf-8")
    assert f"| training sentences | {len(corpus())} |" in first
    assert f"{trained.figures.macro_f1.value:.3f}" in first
    assert "rules alone" in first
    before, after = first.split(BEGIN)[0], first.split(END)[1]
    card.write_text(f"{before}By us.\n{BEGIN}\nold\n{END}{after}And more.\n", encoding="utf-8")
    save(trained, tmp_path)
    assert (
        card.read_text(encoding="utf-8") == first.replace(BEGIN, f"By us.\n{BEGIN}") + "And more.\n"
    )
