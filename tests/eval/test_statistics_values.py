from eval.statistics.values import Undefined, at_least, is_defined, show, to_json, value_of


def test_a_figure_or_its_reason() -> None:
    assert value_of(0.25, "never seen") == 0.25
    none = value_of(float("nan"), "nobody used it")
    assert none == Undefined("nobody used it")
    assert not is_defined(none)
    assert is_defined(0.0)
    assert value_of(float("inf"), "no end") == Undefined("no end")


def test_shown() -> None:
    assert show(0.524) == "0.52"
    assert show(-0.001) == "-0.001"
    assert (show(4.87e19), show(-1e6)) == (">999", "<-999")
    assert show(0.1, sign=True) == "+0.10"
    assert show(Undefined("nobody used it")) == "–"
    assert show(Undefined("nobody used it"), reason=True) == "– (nobody used it)"
    assert to_json(Undefined("x")) == {"undefined": "x"}
    assert to_json(0.5) == 0.5


def test_unknown_reaches_no_bound() -> None:
    assert at_least(0.5, 0.5)
    assert not at_least(0.5, 0.5, strictly=True)
    assert not at_least(Undefined("x"), -9.0)
