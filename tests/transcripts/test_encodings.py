"""Encodings are recognised, named, and never guessed in silence."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest

from assistant.errors import DataError, UserError
from assistant.transcripts import read_document

FRENCH = (
    "Interviewer : Où étiez-vous née ? Déjà à l’école, ça allait très bien…\n\n"
    "Participante : Oui, c’était « génial » – même l’été. J'ai été élevée à Québec.\n"
)
GERMAN = (
    "Interviewer: Können Sie über Ihre Großmutter erzählen?\n\n"
    "Frau Müller: Ja, natürlich. Sie war Ärztin in Köln – „früher“ übrigens.\n\n"
    "Interviewer: Schön.\n\nFrau Müller: Ja.\n"
)
POLISH = (
    "Badacz: Gdzie się pani urodziła? Proszę opowiedzieć o rodzinie i o wsi.\n\n"
    "Pani Żak: Urodziłam się w Łodzi, ale później mieszkaliśmy w Gdańsku.\n\n"
    "Badacz: Dziękuję.\n\nPani Żak: Proszę bardzo, chętnie o tym mówię.\n"
)
RUSSIAN = (
    "Интервьюер: Где вы родились?\n\nОльга: Я родилась в Москве, потом мы переехали.\n\n"
    "Интервьюер: А потом?\n\nОльга: Потом жили у бабушки, было очень весело.\n"
)


CZECH = (
    "Badatelka: Jak jste se dnes dostal na zahradu?\n\n"
    "Účastník: Přijel jsem autobusem, protože pršelo a měl jsem žízeň.\n\n"
    "Badatelka: A potom?\n\nÚčastník: Potom jsem šel pěšky až k řece.\n"
)
HUNGARIAN = (
    "Kérdező: Hogyan jött ma ide?\n\n"
    "Résztvevő: Busszal jöttem, mert esett az eső, és nagyon hideg volt.\n"
)
ROMANIAN = (
    "Cercetător: Cum aţi ajuns astăzi aici?\n\n"
    "Participant: Am venit cu autobuzul, pentru că ploua şi era foarte frig în grădină.\n"
)
TURKISH = (
    "Görüşmeci: Bugün buraya nasıl geldiniz?\n\n"
    "Katılımcı: Otobüsle geldim, çünkü çok yağmur yağıyordu ve şemsiyem yoktu.\n"
)
LITHUANIAN = (
    "Tyrėjas: Kaip šiandien čia atvykote?\n\n"
    "Dalyvis: Atvažiavau autobusu, nes lijo ir buvo labai šalta. Dirbau visą dieną.\n"
)
JAPANESE = "面接者：今日はどう来ましたか。\n\n参加者：バスで来ました。雨が降っていましたから。\n"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (CZECH, "cp1250", "Windows-1250"),
        (CZECH, "iso8859_2", "ISO 8859-2"),
        (HUNGARIAN, "cp1250", "Windows-1250"),
        (HUNGARIAN, "cp852", "DOS 852"),
        (ROMANIAN, "cp1250", "Windows-1250"),
        (TURKISH, "cp1254", "Windows-1254"),
        (LITHUANIAN, "cp1257", "Windows-1257"),
        (GERMAN.translate({0x2013: "-", 0x201E: '"', 0x201C: '"'}), "cp850", "DOS 437"),
        (JAPANESE, "cp932", "Shift JIS (Windows)"),
        (FRENCH, "cp1252", "Windows-1252"),
        (FRENCH, "mac_roman", "Mac Roman"),
        (GERMAN, "cp1252", "Windows-1252"),
        (GERMAN, "mac_roman", "Mac Roman"),
        (POLISH, "cp1250", "Windows-1250"),
        (RUSSIAN, "cp1251", "Windows-1251"),
        (RUSSIAN, "koi8_r", "KOI8-R"),
        (FRENCH, "utf-8", "UTF-8"),
        (FRENCH, "utf-8-sig", "UTF-8"),
        (FRENCH, "utf-16", "UTF-16"),
        (FRENCH, "utf-16-le", "UTF-16"),
        (FRENCH, "utf-16-be", "UTF-16"),
        (RUSSIAN, "utf-32", "UTF-32"),
    ],
)
def test_encodings(tmp_path: Path, text: str, codec: str, name: str) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(text.encode(codec))
    plain = tmp_path / "plain.txt"
    plain.write_text(text, encoding="utf-8")
    document = read_document(path)
    assert document.text == read_document(plain).text
    assert document.encoding == name
    assert any(name in note for note in document.notes) == (name != "UTF-8")


def test_one_broken_byte_is_one(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(FRENCH.encode()[:-1] + b" \xff\n")
    assert any("with 1 broken byte, shown" in note for note in read_document(path).notes)


def test_line_ends_and_forms_make_no_difference(tmp_path: Path) -> None:
    expected = None
    for number, text in enumerate(
        [
            FRENCH,
            FRENCH.replace("\n", "\r\n"),
            FRENCH.replace("\n", "\r"),
            FRENCH.replace("\n", "\u2028"),
            unicodedata.normalize("NFD", FRENCH),
            "\ufeff" + FRENCH,
            FRENCH.replace(" ", "\u00a0\t "),
        ]
    ):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(text.encode("utf-8"))
        document = read_document(path, language="fr")
        expected = expected or document.text
        assert document.text == expected
        assert document.skipped == ()
        assert len(document.notes) == 1


def test_invisible_characters_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text(
        "Anna: We\u200b ba\u00adke\u0007 \U0001f468\u200d\U0001f33e.\nBob: می\u200cخواهم.\n",
        encoding="utf-8",
    )
    document = read_document(path)
    assert document.text == "We bake \U0001f468\u200d\U0001f33e.\n\nمی\u200cخواهم."
    expected = "Invisible characters were dropped: U+0007 (1), U+00AD (1), U+200B (1)."
    assert expected in document.notes


def test_a_broken_byte_does_not_change_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes((FRENCH * 2).encode().replace(b"bien", b"bi\xffen", 1))
    document = read_document(path)
    assert document.encoding == "UTF-8"
    assert "génial" in document.text
    assert any("broken byte" in note for note in document.notes)


def test_damaged_utf16(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes(codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le") + b"\x00")
    with pytest.raises(DataError, match="UTF-16"):
        read_document(path)


def test_who_knows_the_encoding_names_it(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_bytes("Анна: Да.\n\nБен: Нет, потом.\n".encode("cp1251"))
    for name in ("Windows-1251", "cp1251", "windows-1251"):
        document = read_document(path, encoding=name)
        assert document.encoding == "Windows-1251"
        assert document.text == "Да.\n\nНет, потом."
        assert "The file was read as Windows-1251, as you said." in document.notes
    with pytest.raises(DataError, match="cannot be read as that from byte 0 on"):
        read_document(path, encoding="utf-8")
    for wrong in ("no such thing", "base64"):
        with pytest.raises(UserError, match="There is no text encoding"):
            read_document(path, encoding=wrong)
