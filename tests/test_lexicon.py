"""The lexicon: the bundled data pass their own checks; users' files add, replace and are refused as they should be."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from claimx import lexicon
from claimx.checking import check_file
from claimx.finder import Finder, compile_finder
from claimx.lexicon import BUNDLED, DATA, forms, load_lexicon
from claimx.models import Problem

nlp = spacy.blank("en")


@pytest.fixture(scope="module")
def finder() -> Finder:
    return compile_finder(load_lexicon(), nlp.vocab)


def found(finder: Finder, text: str) -> list[tuple[str, str]]:
    doc = nlp(text)
    return [(doc[hit.start : hit.end].text, hit.entry.id) for hit in finder.find(doc).hits]


@pytest.fixture
def write(tmp_path: Path):
    def write(content: str, name: str = "mine.toml") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_data_pass_their_checks(name: str) -> None:
    assert check_file(DATA / name) == []


def test_bundled_data_are_rich() -> None:
    bundled = load_lexicon()
    named = [actor for actor in bundled.actors if actor.name]
    assert len(named) >= 250
    assert len(bundled.countries) >= 200
    codes = {country.iso.lower() for country in bundled.countries}
    assert {actor.country for actor in named if actor.country} <= codes
    assert all(weapon.hits for weapon in bundled.weapons)
    assert all(actor.hits for actor in bundled.actors if not actor.name)


@pytest.mark.parametrize("name", BUNDLED)
def test_ids_are_unique_across_the_bundled_files(name: str) -> None:
    elsewhere = [entry.id for other in BUNDLED if other != name for entry in ids(other)]
    assert not {entry.id for entry in ids(name)} & set(elsewhere)


def ids(name: str) -> list[lexicon.Entry]:
    return [entry for _, entry in lexicon.read_blocks(DATA / name)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He fired an AK 47.", [("AK 47", "firearm.named")]),
        ("He fired AK47s.", [("AK47s", "firearm.named")]),
        ("A car-bomb went off.", [("car-bomb", "bomb.vehicle")]),
        ("Da’esh fled.", [("Da’esh", "group.is")]),
        ("IS fled.", [("IS", "group.is")]),
        ("It is cold.", []),
        ("Tell us now.", []),
        ("The US-led raid", [("US", "us")]),
        ("Grad rained down on a grad.", [("Grad", "rocket.named")]),
        ("A suicide bomber came.", [("suicide bomber", "armed.attacker")]),
        ("The CPI(Maoist) fled.", [("CPI(Maoist", "group.cpi-maoist")]),
        ("Latin American cooking", []),
        ("Two Turks ate turkey.", [("Turks", "tr")]),
        ("A cruise\nmissile", [("cruise\nmissile", "missile.cruise")]),
        ("Islamic, State", []),
    ],
)
def test_phrases_are_found_by_pieces_and_capitals(finder: Finder, text: str, expected: list[tuple[str, str]]) -> None:
    hits = found(finder, text)
    assert [hit for hit in hits if hit[1] in {id_ for _, id_ in expected}] == expected
    if not expected:
        named = [hit for hit in hits if not hit[1].startswith(("place", "state", "civilian"))]
        assert named == []


def test_kinds_by_token(finder: Finder) -> None:
    seen = finder.find(nlp("Turkey shelled a police station with a howitzer; rebels wept."))
    kinds = [seen.kind_of(i) for i in (0, 1, 3, 4, 7, 9)]
    assert kinds == ["state", None, "facility", "facility", "weapon", "armed_group"]
    assert seen.weapons[7].kind == "artillery"
    assert seen.countries[0].iso == "TR"


def test_a_verb_is_no_weapon(finder: Finder) -> None:
    doc = Doc(nlp.vocab, words=["He", "mines", "gold", "."], tags=["PRP", "VBZ", "NN", "."])
    assert finder.find(doc).hits == ()
    doc = Doc(nlp.vocab, words=["US", "mines", "drift", "."], tags=["NNP", "NNS", "VBP", "."])
    assert set(finder.find(doc).weapons) == {1}


def test_lookup_of_a_bare_string(finder: Finder) -> None:
    assert finder.lookup("the Afghan Taliban").actors[1].name == "Taliban"


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    doc = nlp(text)
    for hit in ANY.find(doc).hits:
        assert 0 <= hit.start < hit.end <= len(doc)
    ANY.lookup(text)


ANY = compile_finder(load_lexicon(), nlp.vocab)


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("rocket", ("rocket", "rockets")),
        ("gunman", ("gunman", "gunmen")),
        ("German", ("German", "Germans")),
        ("cruise missile", ("cruise missile", "cruise missiles")),
        ("knife", ("knife", "knives")),
        ("army", ("army", "armies")),
        ("convoy", ("convoy", "convoys")),
        ("bus", ("bus", "buses")),
        ("torch", ("torch", "torches")),
        ("troops", ("troops",)),
        ("aircraft", ("aircraft",)),
        ("schoolchild", ("schoolchild", "schoolchildren")),
        ("IED", ("IED", "IEDs")),
    ],
)
def test_forms(noun: str, expected: tuple[str, ...]) -> None:
    assert forms(noun) == expected


def test_user_entries_add_and_replace(write, tmp_path: Path) -> None:
    write(
        """
        [[weapon]]
        id = "drone.named"
        kind = "drone"
        nouns = ["Night Wasp"]

        [[actor]]
        id = "group.river-guard"
        kind = "armed_group"
        name = "River Guard"
        country = "fr"
        patterns = [[{ LOWER = "guardians" }, { LOWER = "of" }, { LOWER = { IN = ["river", "rivers"] } }]]
        hits = ["The Guardians of Rivers struck."]
        misses = ["The river guards slept."]
        """
    )
    finder = compile_finder(load_lexicon([tmp_path]), nlp.vocab)
    assert ("Night Wasps", "drone.named") in found(finder, "Night Wasps flew.")
    assert "drone.named" not in [id_ for _, id_ in found(finder, "A Shahed flew.")]
    assert ("guardians of river", "group.river-guard") in found(finder, "the guardians of river X")
    assert check_file(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "said", "hint"),
    [
        ('[[weapon]]\nid = "x"\nkind = "bomb"\nnoun = ["y"]', "unknown key 'noun'", "allowed keys: id, kind, name"),
        ('[[weapon]]\nid = "x"\nkind = "bow"\nnouns = ["y"]', "[[weapon]] x", "missile, rocket"),
        ('[[weapon]]\nid = "x"\nkind = "bomb"', "nothing to match", "nouns or patterns"),
        ('[[event]]\nid = "x"\ntype = "attack"', "nothing to match", "verbs"),
        ('[[event]]\nid = "x"\ntype = "war"\nverbs = ["war"]', "[[event]] x", "attack"),
        ("[[actor]]", "empty block", "keys"),
        ('[[actor]]\nkind = "military"\nnouns = ["y"]', "number 1", "keys"),
        ('[[actor]]\nid = " "\nkind = "military"\nnouns = ["y"]', "id is empty", "id"),
        ('[[actor]]\nid = "x"\nkind = "military"\nnouns = "y"', "[[actor]] x", "keys"),
        ('[[actor]]\nid = "x"\nkind = "military"\nnouns = ["--"]', "neither letter nor digit", "words"),
        ('[[actor]]\nid = "x"\nkind = "military"\npatterns = [[]]', "empty token pattern", "LOWER"),
        ('[[actor]]\nid = "x"\nkind = "military"\npatterns = [[{ LOVER = "y" }]]', "'LOVER'", "LOWER"),
        ('[[weapons]]\nid = "x"', "unknown table 'weapons'", "[[weapon]]"),
        ('weapon = "x"', "not a list of blocks", "[[weapon]]"),
        ('[[weapon]]\nid = "x', "not valid TOML", "quote"),
        (
            '[[weapon]]\nid = "x"\nkind = "bomb"\nnouns = ["y"]\n[[weapon]]\nid = "x"\nkind = "bomb"\nnouns = ["z"]',
            "stands twice",
            "own id",
        ),
    ],
)
def test_mistakes_are_problems(write, content: str, said: str, hint: str) -> None:
    path = write(content)
    with pytest.raises(Problem) as caught:
        load_lexicon([path])
    assert str(path) in caught.value.cause
    assert said in caught.value.cause
    assert hint in caught.value.hint
    assert len(check_file(path)) == 1


def test_a_pattern_that_spacy_refuses_is_a_problem(write) -> None:
    path = write('[[actor]]\nid = "x.y"\nkind = "military"\npatterns = [[{ LOWER = { INN = ["a"] } }]]')
    with pytest.raises(Problem, match=r"x\.y: broken token pattern"):
        compile_finder(load_lexicon([path]), nlp.vocab)


def test_missing_and_unreadable_files_are_problems(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        load_lexicon([tmp_path / "none.toml"])
    with pytest.raises(Problem, match=r"no \*\.toml"):
        load_lexicon([tmp_path])
    (tmp_path / "bad.toml").write_bytes(b'[[weapon]]\nid = "\xff"')
    with pytest.raises(Problem, match="UTF-8"):
        load_lexicon([tmp_path])


def test_check_tells_hits_and_misses(write) -> None:
    path = write(
        '[[weapon]]\nid = "x"\nkind = "bomb"\nnouns = ["zapper"]\nhits = ["A zip."]\nmisses = ["A zapper."]\n'
        '[[event]]\nid = "e"\ntype = "attack"\nverbs = ["zap"]\nhits = ["They zap."]\nmisses = ["They nap."]'
    )
    assert check_file(path) == [
        "mine.toml: [[weapon]] x: no hit in 'A zip.'",
        "mine.toml: [[weapon]] x: hit in 'A zapper.'",
    ]
    assert check_file(path, lambda _: set())[-1] == "mine.toml: [[event]] e: no hit in 'They zap.'"
    assert check_file(path, lambda _: {"e"})[-1] == "mine.toml: [[event]] e: hit in 'They nap.'"


@pytest.mark.parametrize("need", ["weapon", "object:", "object:wepon", "context:winter"])
def test_a_need_that_could_never_be_met_is_refused(tmp_path: Path, need: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'[[event]]\nid = "x"\ntype = "attack"\nverbs = ["zap"]\nneeds = ["noun:any", "{need}"]\n', "utf-8")
    with pytest.raises(Problem, match=r"need|context|class"):
        load_lexicon([file])
