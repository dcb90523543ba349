"""`framelens codebook new`: from labelled sentences, or from names, to a folder that trains."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest
from framelens.analysis.corrected.tables import rows
from framelens.api import check_rules, lint_rules, new_codebook
from framelens.api import correct as correct_in_python
from framelens.classification.classifier import thresholds_for
from framelens.cli.main import Exit, run
from framelens.core.codebook import read_scheme
from framelens.core.errors import FramelensError
from framelens.core.settings import Tables
from framelens.project.folder import colours_for, file_names, letters_for, read_project
from framelens.project.folds import hold_out
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import read_many
from framelens.rules.rule_files import read_rules
from framelens.serve.labelling import app as labelling
from framelens.writers.records import COLUMNS

from tests.cli.test_cli import fails, jsonl
from tests.training.test_train import corpus

ECONOMY, SPORT = "Économie & Finance", "Sci/Tech"
LATIN = LabelForm(text_column="Tweet", label_column=("Topic",), encoding="latin-1")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Sentences of two labels, in columns of somebody's own."""
    names = {"look": ECONOMY, "talk": SPORT}
    path = tmp_path / "tweets.csv"
    with path.open("w", newline="", encoding="latin-1") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Tweet", "Topic"])
        writer.writerows([row.text, names[row.labels[0]]] for row in corpus() if row.labels)
    return path


def test_from_a_table_to_a_classified_sentence(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(table.parent)
    columns = ["--text-column", "tweet", "--label-column", "topic", "--encoding", "latin-1"]
    assert run(["codebook", "new", "mine", "--from", table.name, *columns]) == Exit.OK
    said = capsys.readouterr().out
    assert "mine: 2 labels; a sentence has one label, always" in said
    assert "framelens train --project mine" in said
    assert run(["rules", "test", "--project", "mine"]) == Exit.OK
    capsys.readouterr()
    # How the table is read stands in the project.
    assert run(["train", "--project", "mine"]) == Exit.OK
    capsys.readouterr()
    (row,) = jsonl(capsys, "--text", "The clerks inspected ruins.", "--project", "mine")
    assert row["labels"] == [ECONOMY]


def test_what_is_written(table: Path) -> None:
    folder, form = table.parent / "deep" / "mine", LATIN
    told: list[str] = []
    found = new_codebook(folder, table, form=form, progress=told.append)
    rules = read_rules(folder / "rules")
    assert (rules.scheme.title, rules.scheme.names) == ("mine", (SPORT, ECONOMY))
    assert {path.name for path in (folder / "rules").iterdir()} == {
        "scheme.toml", "economie-finance.toml", "sci-tech.toml",
    }  # fmt: skip
    assert all(
        rule.weak and rule.proposed and len(rule.matches) == len(rule.skips) == 2
        for rule in rules.rules
    )
    texts = {row.text for row in corpus()}
    assert texts.issuperset(text for rule in rules.rules for text in (*rule.matches, *rule.skips))
    assert {cue.words for label in found.labels for cue in label.cues} & {"prison", "talks"}
    assert check_rules(folder / "rules") == []
    assert [row for row in lint_rules(folder / "rules") if row.severity == "error"] == []
    assert read_project(folder).labelled[0].samefile(table)
    assert f"## {ECONOMY}" in (folder / "CODEBOOK.md").read_text(encoding="utf-8")
    with pytest.raises(FramelensError, match=r"framelens\.toml: is there already"):
        new_codebook(folder, table, form=form)


def test_cues_see_nothing_of_what_is_held_out(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p"
    columns = ["--text-column", "tweet", "--label-column", "topic", "--encoding", "latin-1"]
    held = ["--holdout", "0.25", "--seed", "3"]
    assert run(["codebook", "new", str(project), "--from", str(table), *columns, *held]) == Exit.OK
    assert f"train --project {project} --holdout 0.25 --seed 3" in capsys.readouterr().out
    _, tested = hold_out(read_many([table], None, LATIN), 0.25, 3)
    texts = {row.text for row in tested}
    rules = project / "rules"
    assert texts.isdisjoint(one for rule in read_rules(rules).rules for one in rule.matches)
    train = ["train", "--project", str(project), "--holdout", "0.25"]
    assert run(train) == Exit.OK
    assert "may have been proposed" not in capsys.readouterr().err  # no model knows of them
    for path in rules.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("proposed = true\n", ""), encoding="utf-8")
    assert run(train) == Exit.OK
    said = capsys.readouterr().err
    assert "from all but what --holdout 0.25 --seed 3 holds out" in said
    assert run([*train, "--seed", "3"]) == Exit.OK
    assert "may have been proposed" not in capsys.readouterr().err


def test_labels_that_are_named(tmp_path: Path) -> None:
    found = new_codebook(tmp_path / "x", labels=["Économie", "Sport"], title='A "title"')
    assert [label.name for label in found.labels] == ["Économie", "Sport"]
    scheme = read_rules(tmp_path / "x" / "rules").scheme
    assert (scheme.title, scheme["Économie"].letter, scheme["Sport"].letter) == (
        'A "title"',
        "E",
        "S",
    )
    text = (tmp_path / "x" / "rules" / "scheme.toml").read_text(encoding="utf-8")
    assert read_scheme(text, Path("scheme.toml")).names == ("Économie", "Sport")


@pytest.mark.parametrize(
    ("labels", "exclusive", "none"),
    [(["a", "b"], True, False), (["a", "none"], True, True), (["a", "a|b"], False, False)],
)
def test_whether_labels_exclude_one_another_is_seen(
    tmp_path: Path, labels: list[str], exclusive: bool, none: bool
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "text,label\n" + "".join(f"Text {at}.,{one}\n" for at, one in enumerate(labels))
    )
    found = new_codebook(tmp_path / "x", table)
    assert (found.exclusive, found.none) == (exclusive, none)
    text = (tmp_path / "x" / "rules" / "scheme.toml").read_text(encoding="utf-8")
    assert (f"exclusive = {str(exclusive).lower()}" in text, "none = true" in text) == (True, none)


@pytest.mark.parametrize("count", [1, 6, 26, 200, 300])
def test_letters_colours_and_files_are_all_different(count: int) -> None:
    names = [f"тема / {number}" if number % 3 else f"Topic {number}" for number in range(count)]
    for made in (letters_for(names), colours_for(count), file_names(names)):
        assert len(set(made)) == count
    assert all(len(letter) == 1 for letter in letters_for(names[:200]))
    assert all(name.isascii() and name == name.lower() for name in file_names(names))


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ([], "no labels; name them (labels=)"),
        (["a|b"], "has a |, which stands between frames"),
        (["None"], "stands for no label"),
        (["about"], "is the name of a column"),
        (["text_index"], "is the name of a column"),
        (["value", "p_value"], "'p_value' is the name of a column"),
        (["value bias", "value"], "'value bias' is the name of a column"),
        (["x" * 200], "over 100 characters"),
        (["two\nlines"], "is not one line of text"),
        ([str(number) for number in range(1001)], "is this the column of labels"),
    ],
)
def test_names_that_no_label_can_have(tmp_path: Path, names: list[str], problem: str) -> None:
    with pytest.raises(FramelensError) as caught:
        new_codebook(tmp_path / "x", labels=names)
    assert problem in str(caught.value)
    assert not (tmp_path / "x").exists()


def test_a_codebook_has_a_label_once_in_whatever_form_of_unicode(tmp_path: Path) -> None:
    forms = [normalize(form, "Présence") for form in ("NFC", "NFD")]
    rows = [f"They ran to {number}.,{label}" for number in range(3) for label in forms]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["text,labels", *rows, "It rained.,none"]), encoding="utf-8")
    made = new_codebook(tmp_path / "x", labelled=table, labels=forms)
    assert [(label.name, label.sentences) for label in made.labels] == [(forms[0], 6)]
    for path in (tmp_path / "x" / "rules").iterdir():  # as an editor may save them
        path.write_text(normalize("NFD", path.read_text("utf-8")), encoding="utf-8")
    more = '[[exclusion]]\nid = "not.so"\nphrases = ["x"]\nframes = ["' + forms[1] + '"]\n'
    (tmp_path / "x" / "rules" / "not.toml").write_text(more, encoding="utf-8")
    rules = read_rules(tmp_path / "x" / "rules")
    assert rules.scheme.names == rules.exclusions[0].frames == (forms[0],)
    assert {rule.frame for rule in rules.rules} <= {forms[0]}
    chosen = {forms[1]: 0.4}
    assert thresholds_for(rules.scheme.names, np.zeros(1), chosen).tolist() == [0.4]


def test_one_label_for_all_sentences_is_no_codebook(tmp_path: Path) -> None:
    table = tmp_path / "sport.csv"
    table.write_text("text,labels\n" + "They ran.,sport\n" * 3, encoding="utf-8")
    with pytest.raises(FramelensError, match="all 3 sentences have the one label 'sport'"):
        new_codebook(tmp_path / "x", labelled=table)
    assert not (tmp_path / "x").exists()


def test_rare_and_conflicting_labels_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,label\nA fell.,Sport\nB fell.,sport\nC fell.,News\nA fell.,News\n")
    assert run(["codebook", "new", str(tmp_path / "x"), "--from", str(path)]) == Exit.OK
    said = capsys.readouterr().err
    assert "too few to learn from, have Sport (1), sport (1), News (2)" in said
    assert "differ in capitals alone: Sport, sport" in said
    assert "one text is labelled in different ways" in said


def test_a_table_without_labels_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,topic\nA,B\n")
    told = fails(["codebook", "new", tmp_path / "x", "--from", path], capsys)
    assert "no column 'labels'; found text, topic; name it with --label-column" in told


def test_a_project_trains_without_rare_labels_and_goes_on(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table.read_text(encoding="latin-1") + "A clown fell.;Rare, too\nIt rained.;Rarer\n"
    table.write_text(rows, encoding="latin-1")
    columns = ["--text-column", "tweet", "--label-column", "topic", "--encoding", "latin-1"]
    assert run(["codebook", "new", str(tmp_path / "p"), "--from", str(table), *columns]) == Exit.OK
    monkeypatch.setenv("FRAMELENS_PROJECT", str(tmp_path / "p"))
    told = fails_last(["train"], capsys)
    assert "too few sentences of some frames: 1 with Rare, too, 1 with Rarer; expected" in told
    assert run(["train", "--skip-rare"]) == Exit.OK
    capsys.readouterr()
    (row,) = jsonl(capsys, "--text", "The clerks inspected ruins.")
    assert (row["labels"], set(row["scores"])) == ([ECONOMY], {ECONOMY, SPORT})
    # Sentences with the labels that were skipped are no error where others are measured.
    assert run(["evaluate", str(table), "--allow-overlap", "--format", "json"]) == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["sentences"], found["left_out"]) == (48, 2)
    assert run(["evaluate", str(table), "--allow-overlap"]) == Exit.OK
    assert "2 sentences left out" in capsys.readouterr().out
    # The rules of the project are still its own and whole, for commands that need no model.
    offered = []
    monkeypatch.setattr(
        labelling, "serve_labelling", lambda _, scheme, **__: offered.append(scheme)
    )
    assert run(["serve", "--label", "any.csv"]) == Exit.OK
    assert set(offered[0].names) == {ECONOMY, SPORT, "Rare, too", "Rarer"}
    assert run(["rules", "list"]) == Exit.OK
    listed = capsys.readouterr().out
    assert "monitoring" not in listed
    assert run(["train", "--skip-rare"]) == Exit.OK


def test_what_a_project_was_trained_on_is_read_again_as_it_reads_it(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own names of columns: `correct` has no options for these."""
    columns = ["--text-column", "tweet", "--encoding", "latin-1"]
    asked = ["--from", str(table), *columns, "--label-column", "topic"]
    assert run(["codebook", "new", str(tmp_path / "p"), *asked]) == Exit.OK
    monkeypatch.setenv("FRAMELENS_PROJECT", str(tmp_path / "p"))
    assert run(["train"]) == Exit.OK
    drawn, texts = str(tmp_path / "drawn.csv"), [str(table), *columns]
    assert run(["sample", *texts, "--n", "40", "--output", drawn]) == Exit.OK
    items = list(csv.DictReader(Path(drawn).read_text("utf-8").splitlines()))
    with Path(drawn).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, items[0])
        writer.writeheader()
        writer.writerows({**row, "labels": row["proposed"]} for row in items)
    correct = ["correct", *texts, "--target", "texts", "--labelled", drawn]
    assert "trained on 40 of the labelled sentences" in fails_last(correct, capsys)
    shares = tmp_path / "shares.json"
    assert run([*correct, "--trained-on", str(table), "--output", str(shares)]) == Exit.OK
    monkeypatch.delenv("FRAMELENS_PROJECT")
    alone = [*correct, "--model", str(tmp_path / "p" / "model"), "--trained-on", str(table)]
    told = fails_last(alone, capsys)
    assert "with --text-column; what a model was trained on is read as --project says" in told
    # And in Python as its form says.
    found = correct_in_python(
        table,
        drawn,
        target="texts",
        model=tmp_path / "p" / "model",
        trained_on=[table],
        form=LATIN,
        tables=Tables(text_column="tweet"),
        encoding="latin-1",
    )
    assert [*rows(found)] == json.loads(shares.read_text("utf-8"))["shares"]


def test_rules_alone_are_a_codebook_whose_next_steps_need_no_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p"
    assert run(["codebook", "new", str(project), "--label", 'Blame "all"']) == Exit.OK
    told = capsys.readouterr().out
    assert f"write rules in {project / 'rules'}" in told
    assert f"classify TEXTS --project {project} --rules-only" in told
    asked = ["classify", "--project", str(project), "--text", "Words as they stand in a text."]
    assert "or rules alone (--rules-only)" in fails_last(asked, capsys)
    # What the file shows is a rule once it is no comment any more.
    path = project / "rules" / "blame-all.toml"
    head, _, rule = path.read_text("utf-8").partition("# [[rule]]")
    path.write_text(head + "[[rule]]" + rule.replace("# ", ""), encoding="utf-8")
    (row,) = jsonl(capsys, *asked[1:], "--rules-only")
    assert [item["name"] for item in row["evidence"]] == ['Blame "all".words-of-your-own']


def test_tables_to_be_measured_have_columns_of_their_own(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the project was trained on has those that the project says."""
    header, *lines = table.read_text("latin-1").splitlines()
    grouped = [f"{line};{at}" for at, line in enumerate(lines)]
    table.write_text("\n".join([f"{header};Who", *grouped]), encoding="latin-1")
    columns = ["--text-column", "tweet", "--label-column", "topic", "--encoding", "latin-1"]
    asked = ["--from", str(table), *columns, "--group", "who"]
    assert run(["codebook", "new", str(tmp_path / "p"), *asked]) == Exit.OK
    monkeypatch.setenv("FRAMELENS_PROJECT", str(tmp_path / "p"))
    assert run(["train"]) == Exit.OK
    other = tmp_path / "other.csv"
    other.write_text(f"body,code\nThe envoys came to look.,{ECONOMY}\n", encoding="utf-8")
    own = ["--text-column", "body", "--label-column", "code", "--encoding", "utf-8"]
    told = fails_last(["evaluate", str(other), *own, "--group", "who"], capsys)
    assert told.endswith(
        "no column 'who'; found body, code; name it with --group, or say --group none"
    )
    # What the project says of its own tables is not asked of others.
    assert run(["rules", "stats", str(other), *own]) == Exit.OK
    assert run(["evaluate", str(other), *own]) == Exit.OK
    found = capsys.readouterr()
    assert f"{other}: read by its own columns, body, code, without 'who'" in found.err
    assert "not known" not in found.err
    assert "TF-IDF + logistic regression" in found.out


def fails_last(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run, expect exit code 2, and return the last line said."""
    capsys.readouterr()
    assert run(arguments) == Exit.BAD_INPUT
    return capsys.readouterr().err.splitlines()[-1]


def test_labels_that_are_not_the_shipped_frames_lead_to_a_codebook(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ["--text-column", "tweet", "--label-column", "topic", "--encoding", "latin-1"]
    said = fails(["train", table, *columns, "--output", table.parent / "m"], capsys)
    assert f"framelens codebook new DIR --from {table}" in said


@pytest.mark.parametrize("name", ["a|b", "a\\nb", "a\\u001b", " ", *COLUMNS, "evidence"])
def test_names_of_frames_that_tables_cannot_hold_are_refused(name: str) -> None:
    text = f'title = "T"\n[[frame]]\nname = "{name}"\ntest = "x"\nletter = "A"\ncolour = "red"\n'
    with pytest.raises(FramelensError, match=r"scheme\.toml: the name .* expected another"):
        read_scheme(text, Path("scheme.toml"))


@pytest.mark.parametrize(
    "name", ["Droits\u00a0: x", "人権\u3000侵害", "حقوق\u200cبشر", "👩\u200d⚖️"]
)
def test_names_of_frames_in_any_script(name: str) -> None:
    text = f'title = "T"\n[[frame]]\nname = "{name}"\ntest = "x"\nletter = "A"\ncolour = "red"\n'
    assert read_scheme(text, Path("scheme.toml")).names == (name,)
