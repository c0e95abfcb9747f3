"""Units and terms of IEEE 11073-10101, with the codes of IHE's sample messages; the arithmetic is worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from asepsis.evidence.protocols import mdc
from asepsis.knowledge.mdc import TermKind, load_mdc
from asepsis.knowledge.toml_file import KnowledgeError


def unit(text: str) -> mdc.Unit:
    found = mdc.unit(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("names", "dimension", "factor"),
    [
        (("263762", "MDC_DIM_MILLI_L", "mL", "ml", "ML"), "volume", Fraction(1)),
        (("265266", "MDC_DIM_MILLI_L_PER_HR", "mL/h", "ml/hr", "mL / hour", "ml per hour", "ML/HR", "mL.h-1"), "volume/time", Fraction(1, 60)),
        (
            (
                "265619",
                "MDC_DIM_MICRO_G_PER_KG_PER_MIN",
                "ug/kg/min",
                "mcg/kg/min",
                "µg/kg/min",
                "\u03bcg/kg/min",
                "ug/min/kg",
                "ug.kg-1.min-1",
                "ug/(kg.min)",
            ),
            "mass/mass/time",
            Fraction(1, 10**9),
        ),
        (("264306", "MDC_DIM_MILLI_G_PER_ML", "mg/mL", "MG/ML", "g/L"), "mass/volume", Fraction(1)),
        (("263890", "MDC_DIM_MILLI_G", "mg"), "mass", Fraction(1)),
        (("263875", "MDC_DIM_KILO_G", "kg", "KG"), "mass", Fraction(10**6)),
        (("263872", "MDC_DIM_X_G", "g", "gm"), "mass", Fraction(1000)),
        (("264352", "MDC_DIM_MIN", "min"), "time", Fraction(1)),
        (("264338", "MDC_DIM_MILLI_SEC", "ms"), "time", Fraction(1, 60_000)),
        (("262688", "MDC_DIM_PERCENT", "%"), "fraction", Fraction(1)),
        (("266016", "MDC_DIM_MMHG", "mm[Hg]", "mmHg"), "pressure", Fraction(1)),
        (("263441", "MDC_DIM_CENTI_M", "cm"), "length", Fraction(1)),
        (("264864", "MDC_DIM_BEAT_PER_MIN", "{beat}/min"), "beats/time", Fraction(1)),
        (("MDC_DIM_X_INTL_UNIT_PER_HR", "[iU]/h", "U/h", "units/hr", "IU/hour"), "activity/time", Fraction(1, 60)),
        (("MDC_DIM_MILLI_EQUIV_PER_L", "meq/L", "mEq/L"), "equivalents/volume", Fraction(1, 1000)),
        (("MDC_DIM_MILLI_G_PER_M_SQ_PER_DAY", "mg/m2/d", "mg/m²/day"), "mass/area/time", Fraction(1, 1440)),
        (("mU/min",), "activity/time", Fraction(1, 1000)),
        (("ug/lb/min",), "mass/mass/time", Fraction(1, 1000) / Fraction("453592.37")),
    ],
)
def test_the_same_unit_by_all_its_names(names: tuple[str, ...], dimension: str, factor: Fraction) -> None:
    for name in names:
        assert unit(name) == mdc.Unit(dimension, factor), name


@pytest.mark.parametrize(
    "text", ["", "furlong", "MU", "MU/h", "/", "mL/", "/h", "mL//h", "mL/h/", "265631", "262689", "999999", "MDC_DIM_", "MDC_DIM_FOO", "m" * 99]
)
def test_what_is_not_understood_is_no_unit(text: str) -> None:
    assert mdc.unit(text) is None


def test_milligrams_are_no_micrograms_and_no_millilitres() -> None:
    assert unit("mg").convert(Fraction(1), unit("ug")) == 1000
    assert unit("mg").convert(Fraction(1), unit("mL")) is None
    assert unit("ug/kg/min").convert(Fraction(5), unit("mg/kg/h")) == Fraction(3, 10)


def test_the_frameworks_own_sample_comes_out() -> None:
    dose, weight, concentration = Fraction(5) * unit("ug/kg/min").factor, 82 * unit("kg").factor, Fraction("1.6") * unit("mg/mL").factor
    assert dose * weight / concentration / unit("mL/h").factor == Fraction("15.375")


def test_a_field_that_tells_its_unit_twice_must_mean_the_same() -> None:
    assert mdc.told(["263762", "MDC_DIM_MILLI_L", "MDC", "mL", "mL", "UCUM"]) == mdc.Told(unit("mL"))
    assert mdc.told(["3475", "ug/kg/min", "UCUM", "265619", "MDC_DIM_MICRO_G_PER_KG_PER_MIN", "MDC"]) == mdc.Told(unit("ug/kg/min"))
    assert mdc.told(["263762", "MDC_DIM_MILLI_L", "MDC", "L", "L", "UCUM"]) == mdc.Told(unit("mL"), agrees=False)
    assert mdc.told(["MDC"]) == mdc.told([]) == mdc.Told(None)


def test_terms_are_known_by_number_and_by_reference() -> None:
    rate = mdc.term("157784")
    assert rate is not None
    assert rate == mdc.term("MDC_FLOW_FLUID_PUMP")
    assert (rate.kind, rate.unit) == (TermKind.VALUE, "mL/h")
    assert mdc.term("158480") is None


def test_every_unit_that_a_term_or_a_number_names_is_understood() -> None:
    tables = load_mdc()
    assert all(mdc.unit(known.unit) for known in tables.terms.values() if known.unit)
    assert all(mdc.unit(code) for code in tables.unit_codes)
    assert all(int(code) % 32 == 0 for code in tables.unit_codes)


@pytest.mark.parametrize("factor", ["x", "1/0", "0", "-1"])
def test_a_factor_that_is_no_number_is_refused(tmp_path, factor: str) -> None:
    file = tmp_path / "mdc.toml"
    file.write_text(f'[terms]\n[unit_codes]\n[prefix_codes]\n[atoms]\nx = {{ dimension = "d", factor = "{factor}", spellings = ["x"] }}\n')
    with pytest.raises(KnowledgeError, match=r"atoms\.x\.factor"):
        load_mdc(file)
