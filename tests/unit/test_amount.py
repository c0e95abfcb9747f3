"""Amounts: spellings of units, rounding, and the way from a dose to a rate."""

from fractions import Fraction

import pytest

from asepsis.model.amount import Basis, Span, amount, converted, over_time, per_volume, ratio, read_amount, unit_of
from asepsis.model.drug import same_drug
from asepsis.model.prescription import FLOW, agrees, same_patient, same_pump

MICRO = ("mass", ("kg", "time"), Fraction(60))


@pytest.mark.parametrize(
    "text", ["ug/kg/min", "mcg/kg/min", "µg/kg/min", "μg/kg/min", "ug.kg-1.min-1", "ug/(kg.min)", "MCG/KG/MIN", "mcg per kg per min"]
)
def test_one_unit_in_its_spellings(text):
    unit = unit_of(text)
    assert unit is not None
    assert (unit.kind, unit.per, unit.factor) == MICRO


@pytest.mark.parametrize("text", ["", " ", "MU/h", "parsec", "mL/h/h", "/min", "a" * 99])
def test_what_is_no_unit_is_none(text):
    assert unit_of(text) is None


@pytest.mark.parametrize("number", ["", "ten", "1e5", "1.2.3", "--1", "9" * 40, "1 2", "∞", "NaN"])
def test_what_is_no_number_is_none(number):
    assert amount(number, "mL/h") is None


def test_a_decimal_comma_is_one():
    assert amount("15,4", "mL/h").value == Fraction(154, 10)


def test_an_amount_is_read_back():
    assert read_amount(amount("15.40", "mL/h").text) == amount("15.40", "mL/h")


def test_the_frameworks_example():
    """IHE Devices TF-2: 5 ug/kg/min for 82 kg at 1.6 mg/mL is 15.375 mL/h."""
    dose, basis = amount("5", "ug/kg/min"), Basis(amount("1.6", "mg/mL").exact, "mass", Span(Fraction(82), Fraction(82)))
    assert converted(dose.exact, dose.unit, FLOW, basis) == Span(Fraction(15375, 1000), Fraction(15375, 1000))
    assert agrees(dose, amount("15.4", "mL/h"), basis) is True
    assert agrees(dose, amount("16.0", "mL/h"), basis) is False
    assert agrees(dose, amount("15.4", "mL/h"), Basis()) is None


def test_rounding_excuses_no_other_dose():
    assert agrees(amount("1.4", "mL/h"), amount("1", "mL/h")) is False
    assert agrees(amount("0.5", "mg/h"), amount("1", "mg/h")) is False
    assert agrees(amount("31.875", "mL/h"), amount("31.9", "mL/h")) is True


def test_drugs_under_other_names():
    assert same_drug("Dopamine", "DOPamine 400 mg in 250 mL") is True
    assert same_drug("Noradrenaline", "Levophed") is True
    assert same_drug("sodium chloride", "potassium chloride") is False
    assert same_drug("Dopamine", "") is None


def test_patients_and_pumps_are_compared_only_where_they_can_be():
    assert same_patient(("MR:a",), ("MR:b",)) is False
    assert same_patient(("MR:a", "AN:x"), ("AN:x",)) is True
    assert same_patient(("MR:a",), ("AN:x",)) is None
    assert same_pump(("A1",), ("a1", "E2")) is True
    assert same_pump((), ("A1",)) is None


def test_amounts_that_are_made_of_two_are_read_back():
    mix = per_volume(amount("400", "mg"), amount("250", "mL"))
    hourly = over_time(amount("100", "mL"), amount("2", "h"))
    quotient = ratio("400", "250", "mg/mL")
    assert (hourly.value, hourly.unit) == (50, FLOW)
    assert mix.exact == quotient.exact == amount("1.6", "mg/mL").exact
    for one in (mix, hourly, quotient):
        assert read_amount(one.text).exact == one.exact
        assert read_amount(one.text).unit == one.unit


@pytest.mark.parametrize("text", ["100 mL in", "100 mL in 0 h", "100 mL in 5 kg", "4/0 mg", "4/x mg", "1 mg in 1 mL in 1 mL in 1 mL"])
def test_what_cannot_be_read_back_is_none(text):
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Noradrenalin", "NORepinephrine 4mg/250mL", True),
        ("Noradr\u00e9naline", "noradrenalina", True),
        ("KCl", "Potassium Chloride 20 mEq", True),
        ("0.9% Saline", "NaCl", True),
        ("Heparin-Natrium", "heparin sodium porcine", True),
        ("Epi", "Epinephrine", True),
        ("Epinephrine", "Norepinephrine", False),
        ("Dobutamine", "Dopamine", False),
        ("Vincristine", "Vinblastine", False),
        ("Morphine", "Hydromorphone", False),
        ("Insulin regular", "Heparin", False),
        ("RX1234", "Dopamine", None),
        ("1234", "Dopamine", None),
    ],
)
def test_labels_of_one_drug(first, second, same):
    assert same_drug(first, second) is same
    assert same_drug(second, first) is same


def test_numbers_of_two_authorities_are_no_other_patient():
    assert same_patient(("MR@H:a",), ("MR@EMR:b",)) is None
    assert same_patient(("MR@H:a",), ("MR:b",)) is False
    assert same_patient(("MR@H:a",), ("MR@H:b", "AN@H:a")) is True
