"""What wards do and networks bring about every day, in forms that are easily taken for an attack: nothing of it may be told."""

from __future__ import annotations

from dose.letters import EMR, GATEWAY, IOP, MONITOR, OTHER, Ward, alarmed, everyday, ordered, shown

DOPA = {"mix": "400^mg^250^mL", "weight": "85.0^kg"}
"""1.6 mg/mL and 85 kg: 10 ug/kg/min are 51 mg/h and 31.875 mL/h."""
GIVES = {"dose": "10^ug/kg/min", "rate": "31.9^mL/h", "conc": "1.6^mg/mL", "weight": "85.0^kg", "vtbi": "250^mL", "drug": "Dopamine"}
START_EVENT = "197288^MDC_EVT_PUMP_DELIV_START^MDC"


def dopamine(ward: Ward, order: str = "900", pump: str = "A1", rate: str = "10^ug/kg/min", *, names: bool = True, **how: str) -> None:
    """Ordered, confirmed by the nurse, started and reported."""
    sent = ward.rgv(ordered(order, pump, "1^Dopamine", rate, **{**DOPA, **how}))
    ward.wait(25).rrg(sent, order)
    ward.wait(8).oru(shown(pump, order=order if names else "", event=START_EVENT, operator="N0002", **GIVES), "R42")
    ward.wait(60).oru(shown(pump, order=order if names else "", **GIVES))


# --- how it is written --------------------------------------------------------------------------------------------------------------------
@everyday
def marks_of_its_own_and_an_escape_in_the_name_of_the_drug(ward: Ward) -> None:
    ward.marks |= {"IOP": "$%!?@", "IOC": "$%!?@"}
    sent = ward.rgv(ordered("11", "B2", r"88^Potassium chloride \T\ Glucose 5 %", "125^mL/h", vtbi="1000^mL"))
    ward.wait(20).rrg(sent, "11")
    ward.wait(5).oru(shown("B2", order="11", drug=r"Potassium chloride \T\ Glucose", rate="125^mL/h", vtbi="1000^mL"))


@everyday
def relay_writes_other_marks_and_another_character_set(ward: Ward) -> None:
    body = ordered("12", "B3", "7^Noradrénaline", "4^mL/h", vtbi="50^mL")
    ward.rgv(body, receiver=("RELAY", OTHER), charset="UNICODE UTF-8", code="CA", made="20260303090000+0000", control="55")
    ward.wait(0.2)
    ward.charset = "latin-1"
    ward.rgv(body, sender=("IOP", OTHER), charset="8859/1", made="20260303090000+0000", control="55")


@everyday
def batch_of_orders_for_three_pumps(ward: Ward) -> None:
    bodies = [ordered(f"13{n}", f"C{n}", f"{n}^{drug}", rate) for n, (drug, rate) in enumerate((("Heparin", "12^mL/h"), ("Propofol", "20^mL/h")))]
    heads = [f"MSH|^~\\&|IOP|H|IOC|H|20260303090000+0000||RGV^O15^RGV_O15|13{n}|P|2.6|||AL|AL" for n in range(2)]
    text = "FHS|^~\\&|IOP\nBHS|^~\\&|IOP\n" + "\n".join(f"{head}\n{body}" for head, body in zip(heads, bodies, strict=True)) + "\nBTS|2\nFTS|1"
    sent = ward.send("\r".join(one.strip() for one in text.splitlines() if one.strip()).encode() + b"\r", ("IOP", IOP), ("IOC", GATEWAY), 3000)
    ward.wait(0.2).say("ACK^O15^ACK", "MSA|CA|130", ("IOC", ""), ("IOP", ""), on=sent)
    ward.say("ACK^O15^ACK", "MSA|CA|131", ("IOC", ""), ("IOP", ""), on=sent)
    for n, (drug, rate) in enumerate((("Heparin", "12^mL/h"), ("Propofol", "20^mL/h"))):
        ward.wait(20).say("RRG^O16^RRG_O16", f"MSA|AA|13{n}\nORC|OK|13{n}", ("IOC", GATEWAY), ("IOP", IOP), 3001)
        ward.wait(5).oru(shown(f"C{n}", order=f"13{n}", drug=drug, rate=rate, vtbi="250^mL"))


@everyday
def one_instant_in_two_zones(ward: Ward) -> None:
    ward.zones["IOP"] = "+0100"
    body = ordered("14", "B4", "1^Dopamine", "10^ug/kg/min", **DOPA)
    ward.rgv(body, receiver=("RELAY", OTHER), made="20260303100000+0100", control="77")
    ward.wait(0.2)
    ward.rgv(body, sender=("IOP", OTHER), made="20260303040000-0500", control="77")


@everyday
def sender_that_gives_only_the_day(ward: Ward) -> None:
    for n in range(6):
        sent = ward.rgv(ordered(f"15{n}", "B5", "1^Dopamine", f"{5 + n}^mL/h", vtbi="", action="XO" if n else "RE"), made="20260303")
        ward.wait(20).rrg(sent, f"15{n}")
        ward.wait(10).oru(shown("B5", order=f"15{n}", drug="Dopamine", rate=f"{5 + n}^mL/h"))
        ward.wait(1500)


@everyday
def order_that_names_neither_patient_nor_number(ward: Ward) -> None:
    body = "ORC|RE\nRXG|1|||1^Heparin|500||mL||||||||18|mL/h\nRXR|IV\nOBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||||||||X|||||||^^D1^V"
    sent = ward.rgv(body)
    ward.wait(20).say("RRG^O16^RRG_O16", f"MSA|AA|IOP{ward.number - 1}\nORC|OK|", ("IOC", GATEWAY), ("IOP", IOP), 3001)
    del sent
    ward.wait(5).oru(shown("D1", patient="", drug="Heparin", rate="18.0^mL/h", vtbi="500^mL"))


@everyday
def volume_over_a_time_in_tq1(ward: Ward) -> None:
    body = "PID|||1^^^H^MR\nORC|RE|17\nRXG|1|||5^Cefazolin|100||mL|||||||H2\nTQ1|1|||||2^h\nRXR|IV\nOBX|1||69986||||||||X|||||||^^D2^V"
    sent = ward.rgv(body)
    ward.wait(20).rrg(sent, "17")
    ward.wait(5).oru(shown("D2", order="17", patient="1^^^H^MR", drug="Cefazolin", rate="50^mL/h", vtbi="100^mL"))


@everyday
def drug_by_code_alone_and_by_name_in_the_report(ward: Ward) -> None:
    sent = ward.rgv(ordered("18", "D3", "RX1234", "10^mL/h"))
    ward.wait(20).rrg(sent, "18")
    ward.wait(5).oru(shown("D3", order="18", drug="Dopamine", rate="10^mL/h", vtbi="250^mL"))


@everyday
def names_of_one_drug_in_two_languages_and_short(ward: Ward) -> None:
    for n, (ours, theirs) in enumerate((("Noradrenalin", "NORepinephrine 4mg/250mL"), ("KCl", "Potassium Chloride"), ("Dopamin", "DOPamine HCl"))):
        sent = ward.rgv(ordered(f"19{n}", f"D4{n}", f"{n}^{ours}", "10^mL/h"))
        ward.wait(20).rrg(sent, f"19{n}")
        ward.wait(5).oru(shown(f"D4{n}", order=f"19{n}", drug=theirs, rate="10^mL/h", vtbi="250^mL"))


@everyday
def patient_with_leading_zeros_and_of_two_authorities(ward: Ward) -> None:
    sent = ward.rgv(ordered("20", "D5", "1^Heparin", "10^mL/h", patient="0004711^^^H^MR"))
    ward.wait(20).rrg(sent, "20")
    ward.wait(5).oru(shown("D5", order="20", drug="Heparin", rate="10^mL/h", vtbi="250^mL", patient="4711^^^H^MR"))
    ward.wait(60).oru(shown("D5", order="20", drug="Heparin", rate="10^mL/h", vtbi="250^mL", patient="88123^^^EMR^MR~4711^^^H^MR"))
    ward.wait(60).oru(shown("D5", order="20", drug="Heparin", rate="10^mL/h", vtbi="250^mL", patient="99555^^^REGION^MR"))


# --- units, concentration, rounding -------------------------------------------------------------------------------------------------------
@everyday
def concentration_written_as_a_ratio(ward: Ward) -> None:
    sent = ward.rgv(ordered("21", "E1", "1^Dopamine", "10^ug/kg/min", **DOPA))
    ward.wait(20).rrg(sent, "21")
    body = shown("E1", order="21", drug="Dopamine", dose="10^ug/kg/min", rate="31.9^mL/h", weight="85^kg")
    ratio = "\nOBX|12|SN|157760^MDC_CONC_DRUG^MDC|1.1.2.9|^400^/^250|264306^MDC_DIM_MILLI_G_PER_ML^MDC|||||R"
    ward.wait(5).oru(body + ratio)


@everyday
def per_square_metre(ward: Ward) -> None:
    """75 mg/m2/h × 1.8 m2 = 135 mg/h; 2 mg/mL: 67.5 mL/h."""
    area = "OBX|3|NM|188744^MDC_AREA_BODY_SURF_ACTUAL^MDC||1.80|m2"
    sent = ward.rgv(ordered("22", "E2", "1^Doxorubicin", "75^mg/m2/h", mix="200^mg^100^mL", vtbi="100^mL", more=area))
    ward.wait(20).rrg(sent, "22")
    ward.wait(5).oru(shown("E2", order="22", drug="Doxorubicin", dose="75^mg/m2/h", rate="67.5^mL/h", conc="2^mg/mL", area="1.8^m2", vtbi="100^mL"))
    ward.wait(60).oru(shown("E2", order="22", drug="Doxorubicin", dose="135^mg/h", rate="67.5^mL/h", conc="2^mg/mL", vtbi="100^mL"))


@everyday
def litres_millimoles_grams_and_days(ward: Ward) -> None:
    cases = (
        ("0.125^L/h", {"rate": "125^mL/h"}, ""),
        ("10^mmol/h", {"rate": "50^mL/h", "conc": "0.2^mmol/mL"}, "40^mmol^200^mL"),
        ("2^g/h", {"rate": "50^mL/h", "conc": "40^mg/mL"}, "20^g^500^mL"),
        ("2400^mL/d", {"rate": "100^mL/h"}, ""),
        ("30^[drp]/min", {"rate": "90^mL/h"}, ""),
        ("18^[iU]/kg/h", {"rate": "15.3^mL/h", "conc": "100^units/mL", "weight": "85^kg"}, "25000^[iU]^250^mL"),
        ("1000^ng/kg/min", {"dose": "1^mcg/kg/min", "rate": "3.2^mL/h", "conc": "1600^ug/mL", "weight": "85^kg"}, "400^mg^250^mL"),
    )
    for n, (rate, amounts, mix) in enumerate(cases):
        sent = ward.rgv(ordered(f"23{n}", f"E3{n}", f"{n}^Something{'abcdefg'[n]}", rate, mix=mix, weight="85^kg"))
        ward.wait(20).rrg(sent, f"23{n}")
        ward.wait(5).oru(shown(f"E3{n}", order=f"23{n}", **amounts))


@everyday
def dose_shown_with_one_digit_beside_an_exact_rate(ward: Ward) -> None:
    """0.33 ug/kg/min × 85 kg at 0.016 mg/mL are 105.2 mL/h; the dose is shown as 0.3."""
    sent = ward.rgv(ordered("24", "E4", "7^Norepinephrine", "0.33^ug/kg/min", mix="4^mg^250^mL", weight="85^kg"))
    ward.wait(20).rrg(sent, "24")
    ward.wait(5).oru(shown("E4", order="24", drug="Norepinephrine", dose="0.3^ug/kg/min", rate="105.2^mL/h", conc="0.016^mg/mL", weight="85^kg"))


@everyday
def weight_rounded_and_in_grams(ward: Ward) -> None:
    """A newborn of 3.42 kg; the pump shows 3.4 kg and later 3420 g."""
    sent = ward.rgv(ordered("25", "E5", "1^Dopamine", "5^ug/kg/min", mix="40^mg^50^mL", weight="3.42^kg", vtbi="50^mL"))
    ward.wait(20).rrg(sent, "25")
    for weight in ("3.4^kg", "3420^g"):
        ward.wait(15).oru(
            shown("E5", order="25", drug="Dopamine", dose="5^ug/kg/min", rate="1.3^mL/h", conc="0.8^mg/mL", weight=weight, vtbi="50^mL")
        )


@everyday
def per_minute_ordered_per_hour_reported(ward: Ward) -> None:
    sent = ward.rgv(ordered("26", "E6", "9^Nitroglycerin", "50^ug/min", mix="50^mg^250^mL"))
    ward.wait(20).rrg(sent, "26")
    ward.wait(5).oru(shown("E6", order="26", drug="Nitroglycerin", dose="3^mg/h", rate="15^mL/h", conc="0.2^mg/mL", vtbi="250^mL"))


# --- pumps --------------------------------------------------------------------------------------------------------------------------------
@everyday
def two_channels_of_one_pump(ward: Ward) -> None:
    for order, pump, drug, rate in (("271", "F1-A", "Dopamine", "12^mL/h"), ("272", "F1-B", "Heparin", "18^mL/h")):
        sent = ward.rgv(ordered(order, pump, f"1^{drug}", rate))
        ward.wait(15).rrg(sent, order)
    for _ in range(3):
        rows = ["PID|||4711^^^H^MR"]
        for order, pump, drug, rate, channel in (("271", "F1-A", "Dopamine", "12.0^mL/h", "1"), ("272", "F1-B", "Heparin", "18.0^mL/h", "2")):
            rows.append(f"OBR|{channel}|{order}||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC")
            rows.append(f"OBX|1||70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC|1.{channel}.0.0|||||||X|||||||^^{pump}^V")
            rows.append(shown("", order=order, drug=drug, rate=rate, channel=channel, head=""))
        ward.wait(30).oru("\n".join(rows))


@everyday
def channels_of_one_pump_that_bears_one_name(ward: Ward) -> None:
    """Both channels are reported under the name of the whole pump, each by its own order."""
    for order, drug, rate in (("281", "Dopamine", "12^mL/h"), ("282", "Heparin", "18^mL/h")):
        sent = ward.rgv(ordered(order, "F2", f"1^{drug}", rate))
        ward.wait(15).rrg(sent, order)
    for _ in range(3):
        one = shown("F2", drug="Dopamine", rate="12.0^mL/h", channel="1")
        ward.wait(30).oru(one + "\n" + shown("", drug="Heparin", rate="18.0^mL/h", channel="2", head=""))


@everyday
def piggyback_runs_and_the_primary_returns(ward: Ward) -> None:
    sent = ward.rgv(ordered("29", "F3", "1^Ringer lactate", "125^mL/h", vtbi="1000^mL"))
    ward.wait(20).rrg(sent, "29")
    ward.wait(10).oru(shown("F3", order="29", drug="Ringer lactate", rate="125^mL/h", vtbi="1000^mL"))
    ward.wait(600)
    second = ward.rgv(
        ordered("30", "F3", "2^Cefazolin", "200^mL/h", vtbi="50^mL", more="OBX|5||70072^MDC_DEV_PUMP_INFUSATE_SOURCE_SECONDARY^MDC||||||||X")
    )
    ward.wait(20).rrg(second, "30")
    secondary = "70072^MDC_DEV_PUMP_INFUSATE_SOURCE_SECONDARY^MDC"
    for _ in range(3):
        ward.wait(60).oru(shown("F3", order="30", drug="Cefazolin", rate="200^mL/h", vtbi="50^mL", source=secondary))
    for _ in range(3):
        ward.wait(300).oru(shown("F3", order="29", drug="Ringer lactate", rate="125^mL/h", vtbi="1000^mL"))


@everyday
def loading_dose_and_then_the_maintenance(ward: Ward) -> None:
    dopamine(ward, "31", "F4")
    fast = {**GIVES, "dose": "60^ug/kg/min", "rate": "191.3^mL/h"}
    ward.wait(60).oru(shown("F4", order="31", mode="pump-program-delivery-mode-loading-dose", **fast))
    ward.wait(60).oru(shown("F4", order="31", **GIVES))


@everyday
def bolus_at_the_pump_told_by_its_event(ward: Ward) -> None:
    dopamine(ward, "32", "F5")
    fast = {**GIVES, "dose": "100^ug/kg/min", "rate": "318.8^mL/h"}
    ward.wait(300).oru(shown("F5", order="32", event="0^MDC_EVT_PUMP_BOLUS_START^MDC", operator="N0007", **fast), "R42")
    ward.wait(30).oru(shown("F5", order="32", status="pump-status-infusing", mode="pump-program-delivery-mode-bolus", **fast))
    ward.wait(60).oru(shown("F5", order="32", event="0^MDC_EVT_PUMP_BOLUS_COMPLETE^MDC", **GIVES), "R42")


@everyday
def empty_bag_then_keep_open_then_stopped(ward: Ward) -> None:
    sent = ward.rgv(ordered("33", "F6", "1^Cefazolin", "100^mL/h", vtbi="100^mL"))
    ward.wait(20).rrg(sent, "33")
    ward.wait(10).oru(shown("F6", order="33", drug="Cefazolin", rate="100^mL/h", vtbi="100^mL", left="99.8^mL"))
    ward.wait(3600).oru(shown("F6", order="33", drug="Cefazolin", status="pump-delivery-status-kvo", rate="5^mL/h", vtbi="0^mL", left="0^mL"))
    ward.wait(300).oru(shown("F6", order="33", drug="Cefazolin", rate="5^mL/h", vtbi="0^mL", left="0^mL"))
    ward.wait(300).oru(shown("F6", order="33", drug="Cefazolin", status="pump-status-not-infusing", rate="0^mL/h", vtbi="0^mL"))


@everyday
def next_bag_of_the_same_order(ward: Ward) -> None:
    """250 mL at 31.9 mL/h last 7.8 hours; then the same order hangs again."""
    dopamine(ward, "34", "F7")
    ward.wait(28_300)
    dopamine(ward, "34", "F7")


@everyday
def reports_kept_back_while_the_network_was_down(ward: Ward) -> None:
    dopamine(ward, "35", "F8", names=False)
    old = [(ward.wait(60).second, shown("F8", at=ward.now("PUMPS"), **GIVES)) for _ in range(3)]
    stamps = [ward.now("PUMPS", ward.second - second) for second, _ in old]
    sent = ward.wait(60).rgv(ordered("36", "F8", "1^Dopamine", "14^ug/kg/min", action="XO", vtbi="", **DOPA))
    ward.wait(20).rrg(sent, "36")
    new = {**GIVES, "dose": "14^ug/kg/min", "rate": "44.6^mL/h"}
    ward.wait(10).oru(shown("F8", at=ward.now("PUMPS"), **new))
    for (_, body), stamp in zip(old, stamps, strict=True):
        ward.wait(1).oru(body, made=stamp)
    ward.wait(60).oru(shown("F8", at=ward.now("PUMPS"), **new))


@everyday
def report_overtakes_the_answer(ward: Ward) -> None:
    sent = ward.rgv(ordered("37", "F9", "1^Dopamine", "10^ug/kg/min", **DOPA))
    ward.wait(30).oru(shown("F9", order="37", **GIVES))
    ward.wait(1.2).rrg(sent, "37")


@everyday
def half_titrated_and_not_yet_confirmed(ward: Ward) -> None:
    dopamine(ward, "38", "G1", names=False)
    for order, rate in (("39", "12^ug/kg/min"), ("40", "14^ug/kg/min")):
        ward.wait(120).rgv(ordered(order, "G1", "1^Dopamine", rate, action="XO", vtbi="", **DOPA))
        ward.wait(40).oru(shown("G1", **GIVES))
    ward.wait(1200).oru(shown("G1", **GIVES))


@everyday
def rate_set_at_the_pump_by_a_named_nurse(ward: Ward) -> None:
    dopamine(ward, "41", "G2")
    more = {**GIVES, "dose": "40^ug/kg/min", "rate": "127.5^mL/h"}
    ward.wait(900).oru(shown("G2", order="41", operator="N0003", event="0^MDC_EVT_PUMP_PROG_CHANGE^MDC", **more), "R42")
    ward.wait(60).oru(shown("G2", order="41", **more))


@everyday
def weaned_at_the_pump_without_a_name(ward: Ward) -> None:
    dopamine(ward, "42", "G3")
    for dose in ("8", "6", "4"):
        less = {**GIVES, "dose": f"{dose}^ug/kg/min", "rate": f"{float(dose) * 3.1875:.1f}^mL/h"}
        ward.wait(1200).oru(shown("G3", order="42", **less))


@everyday
def stopped_by_an_order_and_started_again(ward: Ward) -> None:
    dopamine(ward, "43", "G4")
    sent = ward.wait(600).rgv(ordered("43", "G4", "1^Dopamine", "", action="HD", vtbi=""))
    ward.wait(20).rrg(sent, "43")
    ward.wait(5).oru(shown("G4", order="43", **{**GIVES, "status": "pump-status-not-infusing", "dose": "0^ug/kg/min", "rate": "0^mL/h"}))
    sent = ward.wait(900).rgv(ordered("43", "G4", "1^Dopamine", "10^ug/kg/min", action="RL", vtbi="", **DOPA))
    ward.wait(20).rrg(sent, "43")
    ward.wait(5).oru(shown("G4", order="43", **GIVES))


@everyday
def cancelled_before_it_began(ward: Ward) -> None:
    ward.rgv(ordered("44", "G5", "1^Heparin", "20^mL/h"))
    sent = ward.wait(30).rgv(ordered("44", "G5", "1^Heparin", "", action="CA", vtbi=""))
    ward.wait(5).rrg(sent, "44")
    sent = ward.wait(60).rgv(ordered("45", "G5", "1^Heparin", "18^mL/h"))
    ward.wait(20).rrg(sent, "45")
    ward.wait(5).oru(shown("G5", order="45", drug="Heparin", rate="18^mL/h", vtbi="250^mL"))


@everyday
def pump_goes_to_the_next_patient(ward: Ward) -> None:
    dopamine(ward, "46", "G6")
    ward.wait(4000).oru(shown("G6", status="pump-status-not-infusing", rate="0^mL/h"))
    sent = ward.wait(4000).rgv(ordered("47", "G6", "3^Heparin", "18^mL/h", patient="5822^^^H^MR"))
    ward.wait(20).rrg(sent, "47")
    ward.wait(5).oru(shown("G6", order="47", drug="Heparin", rate="18^mL/h", vtbi="250^mL", patient="5822^^^H^MR"))


@everyday
def smart_pump_rounds_the_rate_to_whole_millilitres(ward: Ward) -> None:
    """Above 100 mL/h this pump knows whole millilitres only: 12 ug/kg/min × 110 kg at 0.64 mg/mL are 123.75 mL/h."""
    sent = ward.rgv(ordered("48", "G7", "1^Dopamine", "12^ug/kg/min", mix="160^mg^250^mL", weight="110^kg"))
    ward.wait(20).rrg(sent, "48")
    ward.wait(5).oru(
        shown("G7", order="48", drug="Dopamine", dose="12.0^ug/kg/min", rate="124^mL/h", conc="0.64^mg/mL", weight="110^kg", vtbi="250^mL")
    )


@everyday
def time_remaining_fits_what_is_left(ward: Ward) -> None:
    """200 mL at 31.9 mL/h are 6.27 hours: 376 minutes, shown as 6 h 16 min and later as 6.3 h."""
    dopamine(ward, "49", "G8")
    for time, left in (("376^min", "200^mL"), ("6.1^h", "195^mL"), ("22000^s", "195^mL")):
        ward.wait(300).oru(shown("G8", order="49", **GIVES, left=left, time=time))


# --- network and clocks -------------------------------------------------------------------------------------------------------------------
@everyday
def gateway_copies_every_order_to_the_record(ward: Ward) -> None:
    for n in range(3):
        body = ordered(f"50{n}", f"H{n}", "1^Dopamine", "10^ug/kg/min", **DOPA)
        sent = ward.rgv(body)
        ward.wait(0.5).rgv(body, sender=("IOC", GATEWAY), receiver=("EMR", EMR), port=6661)
        ward.wait(20).rrg(sent, f"50{n}")
        ward.wait(10).oru(shown(f"H{n}", order=f"50{n}", **GIVES))


@everyday
def sent_again_under_a_new_control_id_after_a_time_out(ward: Ward) -> None:
    body = ordered("51", "H4", "1^Dopamine", "10^ug/kg/min", **DOPA)
    ward.rgv(body, code="")
    sent = ward.wait(30).rgv(body, code="AE")
    sent = ward.wait(30).rgv(body)
    ward.wait(20).rrg(sent, "51")
    ward.wait(5).oru(shown("H4", order="51", **GIVES))


@everyday
def refused_twice_for_an_unknown_pump_and_then_taken(ward: Ward) -> None:
    body = ordered("52", "H5", "1^Dopamine", "10^ug/kg/min", **DOPA)
    for error in ("9001", "9007"):
        sent = ward.rgv(body)
        ward.wait(3).rrg(sent, "52", "AE", error)
        ward.wait(40)
    sent = ward.rgv(body)
    ward.wait(20).rrg(sent, "52")
    ward.wait(5).oru(shown("H5", order="52", **GIVES))


@everyday
def clock_drifts_by_ten_minutes_in_a_shift(ward: Ward) -> None:
    for n in range(40):
        ward.clock["IOP"] = -n * 15.0
        rate = f"{5 + n % 4}^mL/h"
        sent = ward.rgv(ordered(f"53{n:02}", "H6", "1^Dopamine", rate, action="XO" if n else "RE", vtbi="", at=ward.now("IOP")))
        ward.wait(20).rrg(sent, f"53{n:02}")
        ward.wait(10).oru(shown("H6", order=f"53{n:02}", drug="Dopamine", rate=rate))
        ward.wait(690)


@everyday
def summer_time_ends_at_night(ward: Ward) -> None:
    for n in range(8):
        ward.zones["IOP"], ward.clock["IOP"] = "", 7200.0 if n < 4 else 3600.0
        sent = ward.rgv(ordered(f"54{n}", "H7", "1^Dopamine", f"{5 + n}^mL/h", action="XO" if n else "RE", vtbi="", at=ward.now("IOP")))
        ward.wait(20).rrg(sent, f"54{n}")
        ward.wait(10).oru(shown("H7", order=f"54{n}", drug="Dopamine", rate=f"{5 + n}^mL/h"))
        ward.wait(900)


@everyday
def over_midnight_and_over_the_end_of_the_month(ward: Ward) -> None:
    ward.wait(15 * 3600 - 120)
    dopamine(ward, "55", "H8")
    ward.wait(60)
    for n in range(3):
        sent = ward.wait(100).rgv(ordered(f"56{n}", "H8", "1^Dopamine", f"{11 + n}^ug/kg/min", action="XO", vtbi="", at=ward.now("IOP"), **DOPA))
        ward.wait(20).rrg(sent, f"56{n}")
        ward.wait(5).oru(shown("H8", order=f"56{n}", **{**GIVES, "dose": f"{11 + n}^ug/kg/min", "rate": f"{(11 + n) * 3.1875:.1f}^mL/h"}))


@everyday
def order_written_in_the_morning_and_sent_at_noon(ward: Ward) -> None:
    """ORC-9 is when it was written; the bag is hung hours later, and so it is with every order of this ward."""
    for n, hours in enumerate((3, 1, 5, 2, 4)):
        sent = ward.rgv(ordered(f"57{n}", f"H9{n}", "1^Heparin", "18^mL/h", at=ward.now("IOP", hours * 3600)))
        ward.wait(20).rrg(sent, f"57{n}")
        ward.wait(5).oru(shown(f"H9{n}", order=f"57{n}", drug="Heparin", rate="18^mL/h", vtbi="250^mL"))
        ward.wait(600)


@everyday
def clock_of_the_programmer_is_seven_hours_off(ward: Ward) -> None:
    """It was set to the time of the maker's country, and there is but one order to know it by."""
    ward.clock["IOP"] = -7 * 3600.0
    dopamine(ward, "58", "I1")


# --- alarms -------------------------------------------------------------------------------------------------------------------------------
@everyday
def sound_paused_again_and_again_while_it_lasts(ward: Ward) -> None:
    ward.oru(alarmed("start", value="85"), "R40", sender=("MON", MONITOR))
    for _ in range(4):
        ward.wait(20).oru(alarmed("update", silence="audio-paused", value="86"), "R40", sender=("MON", MONITOR))
        ward.wait(120).oru(alarmed("update", silence="enabled", value="86"), "R40", sender=("MON", MONITOR))
    ward.wait(30).oru(alarmed("end", state="inactive", value="94"), "R40", sender=("MON", MONITOR))


@everyday
def priority_rises_and_the_limits_are_drawn_closer(ward: Ward) -> None:
    ward.oru(alarmed("start", priority="PM"), "R40", sender=("MON", MONITOR))
    ward.wait(20).oru(alarmed("update", priority="PH", value="80"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("end", state="inactive", value="95"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("start", limits="94-98", value="93", priority="PM"), "R40", sender=("MON", MONITOR))


@everyday
def limits_of_the_next_patient(ward: Ward) -> None:
    ward.oru(alarmed("start", limits="92-100", value="90"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("end", state="inactive", limits="92-100", value="95"), "R40", sender=("MON", MONITOR))
    ward.wait(9000).oru(alarmed("start", limits="88-100", value="86", patient="5900^^^H^MR"), "R40", sender=("MON", MONITOR))


@everyday
def limits_set_at_the_bedside_by_a_named_nurse(ward: Ward) -> None:
    ward.oru(alarmed("start", limits="92-100", value="90"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("update", limits="88-100", value="90", operator="N0004"), "R40", sender=("MON", MONITOR))


@everyday
def second_gateway_takes_over_the_alarms(ward: Ward) -> None:
    """Both gateways are known: each has spoken for devices of its own before."""
    for device, address, name in (("M1", MONITOR, "GW-A"), ("M2", OTHER, "GW-B")):
        ward.wait(5).oru(alarmed("start", device=device), "R40", sender=(name, address))
        ward.wait(30).oru(alarmed("end", state="inactive", value="95", device=device), "R40", sender=(name, address))
    ward.wait(600).oru(alarmed("start", device="M1", value="84"), "R40", sender=("GW-B", OTHER))
    ward.wait(60).oru(alarmed("end", state="inactive", device="M1", value="93"), "R40", sender=("GW-B", OTHER))


@everyday
def latched_alarm_acknowledged_at_the_device(ward: Ward) -> None:
    ward.oru(alarmed("start", value="85"), "R40", sender=("MON", MONITOR))
    ward.wait(40).oru(alarmed("update", state="latched", value="93"), "R40", sender=("MON", MONITOR))
    ward.wait(20).oru(alarmed("end", state="inactive", silence="enabled", value="94"), "R40", sender=("MON", MONITOR))


@everyday
def two_alarms_of_one_device_in_turn(ward: Ward) -> None:
    low = {"condition": "196940^MDC_EVT_FLUID_LINE_OCCL^MDC", "value": "", "device": "P1"}
    for _ in range(3):
        ward.wait(60).oru(alarmed("start", **low), "R40")
        ward.wait(10).oru(alarmed("start", **{**low, "condition": "0^MDC_EVT_DOOR_OPEN^MDC", "priority": "PL"}), "R40")
        ward.wait(20).oru(alarmed("end", state="inactive", **low), "R40")
        ward.wait(1).oru(alarmed("end", state="inactive", **{**low, "condition": "0^MDC_EVT_DOOR_OPEN^MDC", "priority": "PL"}), "R40")
