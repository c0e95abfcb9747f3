"""Attacks on orders and alarms, in forms that are easily taken for everyday work: each must be told."""

from __future__ import annotations

from asepsis.model.dose import Sign
from dose.letters import GATEWAY, IOP, MONITOR, OTHER, STRANGER, Ward, alarmed, attack, ordered, shown
from dose.letters_benign import DOPA, GIVES, dopamine

MADE = "20260303090000+0000"


def two_places(ward: Ward, first: str, second: str, *, gap: float = 0.2, control: str = "C77", sender: str = "IOP") -> None:
    """One message on its way to a relay, and what the pumps' side then gets."""
    ward.rgv(first, receiver=("RELAY", OTHER), made=MADE, control="C77")
    ward.wait(gap).rgv(second, sender=(sender, OTHER), made=MADE if control == "C77" else None, control=control)


# --- altered ------------------------------------------------------------------------------------------------------------------------------
@attack(Sign.ALTERED)
def minutes_made_of_hours(ward: Ward) -> None:
    two_places(ward, ordered("1", "A1", "5^Morphine", "2^mg/h", mix="50^mg^50^mL"), ordered("1", "A1", "5^Morphine", "2^mg/min", mix="50^mg^50^mL"))


@attack(Sign.ALTERED)
def micrograms_made_milligrams(ward: Ward) -> None:
    two_places(ward, ordered("2", "A1", "5^Fentanyl", "50^ug/h", mix="500^ug^50^mL"), ordered("2", "A1", "5^Fentanyl", "50^mg/h", mix="500^ug^50^mL"))


@attack(Sign.ALTERED)
def strength_of_the_bag_altered(ward: Ward) -> None:
    two_places(
        ward,
        ordered("3", "A1", "1^Dopamine", "10^ug/kg/min", **DOPA),
        ordered("3", "A1", "1^Dopamine", "10^ug/kg/min", **{**DOPA, "mix": "40^mg^250^mL"}),
    )


@attack(Sign.ALTERED)
def body_surface_altered(ward: Ward) -> None:
    area = "OBX|3|NM|188744^MDC_AREA_BODY_SURF_ACTUAL^MDC||{}|m2"
    first, second = (ordered("4", "A1", "1^Doxorubicin", "75^mg/m2/h", mix="200^mg^100^mL", more=area.format(m2)) for m2 in ("1.80", "2.60"))
    two_places(ward, first, second)


@attack(Sign.ALTERED)
def other_marks_hide_another_rate(ward: Ward) -> None:
    ward.marks["IOQ"] = "#:*!@"
    first, second = (ordered("5", "A1", "1^Dopamine", rate, **DOPA) for rate in ("10^ug/kg/min", "100^ug/kg/min"))
    two_places(ward, first, second, control="Q1", sender="IOQ")


@attack(Sign.ALTERED)
def one_order_of_a_batch_altered(ward: Ward) -> None:
    for rate, receiver, address in (("18", OTHER, IOP), ("81", GATEWAY, OTHER)):
        heads = [f"MSH|^~\\&|IOP|H|IOC|H|{MADE}||RGV^O15^RGV_O15|B{n}|P|2.6|||AL|AL" for n in range(2)]
        bodies = ordered("61", "A1", "1^Dopamine", "5^mL/h"), ordered("62", "A2", "1^Heparin", f"{rate}^mL/h")
        text = "BHS|^~\\&|IOP\n" + "\n".join(f"{head}\n{body}" for head, body in zip(heads, bodies, strict=True)) + "\nBTS|2"
        raw = "\r".join(line.strip() for line in text.splitlines() if line.strip())
        ward.wait(0.2).send(raw.encode(), ("IOP", address), ("IOC", receiver), 3000)


@attack(Sign.ALTERED)
def kept_back_for_three_minutes_and_altered(ward: Ward) -> None:
    first, second = (ordered("7", "A1", "1^Dopamine", rate, **DOPA) for rate in ("10^ug/kg/min", "30^ug/kg/min"))
    two_places(ward, first, second, gap=180, control="R9", sender="RELAY")


@attack(Sign.ALTERED)
def turned_to_another_pump(ward: Ward) -> None:
    two_places(ward, ordered("8", "A1", "1^Dopamine", "10^mL/h"), ordered("8", "A2", "1^Dopamine", "10^mL/h"), control="R3", sender="RELAY")


@attack(Sign.ALTERED)
def into_the_spine_instead_of_the_vein(ward: Ward) -> None:
    two_places(ward, ordered("9", "A1", "1^Bupivacaine", "6^mL/h", route="EP"), ordered("9", "A1", "1^Bupivacaine", "6^mL/h", route="IV"))


@attack(Sign.ALTERED)
def drug_exchanged_for_one_that_sounds_alike(ward: Ward) -> None:
    two_places(ward, ordered("10", "A1", "1^Dobutamine", "10^mL/h"), ordered("10", "A1", "1^Dopamine", "10^mL/h"))


@attack(Sign.ALTERED)
def point_moved_by_one_digit(ward: Ward) -> None:
    two_places(
        ward,
        ordered("111", "A1", "A^Insulin", "1.5^units/h", mix="100^units^100^mL"),
        ordered("111", "A1", "A^Insulin", "15^units/h", mix="100^units^100^mL"),
    )


@attack(Sign.ALTERED)
def volume_over_a_shorter_time(ward: Ward) -> None:
    body = "PID|||1^^^H^MR\nORC|RE|12\nRXG|1|||5^Vancomycin|250||mL|||||||{}\nRXR|IV\nOBX|1||69986||||||||X|||||||^^D2^V"
    two_places(ward, body.format("H2"), body.format("M10"))


# --- contradicted -------------------------------------------------------------------------------------------------------------------------
@attack(Sign.CONTRADICTED)
def number_kept_and_hours_made_of_minutes_in_the_pump(ward: Ward) -> None:
    sent = ward.rgv(ordered("20", "B1", "9^Nitroglycerin", "50^ug/min", mix="50^mg^250^mL"))
    ward.wait(20).rrg(sent, "20")
    ward.wait(5).oru(shown("B1", order="20", drug="Nitroglycerin", dose="50^mg/h", rate="250^mL/h", conc="0.2^mg/mL", vtbi="250^mL"))


@attack(Sign.CONTRADICTED)
def orders_of_two_channels_exchanged(ward: Ward) -> None:
    for order, pump, drug, rate in (("211", "B2-A", "Dopamine", "12^mL/h"), ("212", "B2-B", "Heparin", "18^mL/h")):
        sent = ward.rgv(ordered(order, pump, f"1^{drug}", rate))
        ward.wait(15).rrg(sent, order)
    rows = ["PID|||4711^^^H^MR"]
    for pump, drug, rate, channel in (("B2-A", "Heparin", "18.0^mL/h", "1"), ("B2-B", "Dopamine", "12.0^mL/h", "2")):
        rows.append(f"OBR|{channel}|||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC")
        rows.append(f"OBX|1||70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC|1.{channel}.0.0|||||||X|||||||^^{pump}^V")
        rows.append(shown("", drug=drug, rate=rate, channel=channel, head=""))
    ward.wait(30).oru("\n".join(rows))


@attack(Sign.CONTRADICTED)
def strength_in_the_pump_is_another(ward: Ward) -> None:
    """The dose looks right, and ten times as much flows: the pump believes the bag to be thinner than it is."""
    sent = ward.rgv(ordered("22", "B3", "1^Dopamine", "10^ug/kg/min", **DOPA))
    ward.wait(20).rrg(sent, "22")
    ward.wait(5).oru(shown("B3", order="22", **{**GIVES, "rate": "318.8^mL/h", "conc": "0.16^mg/mL"}))


@attack(Sign.CONTRADICTED)
def weight_in_the_pump_is_another(ward: Ward) -> None:
    sent = ward.rgv(ordered("23", "B4", "1^Dopamine", "10^ug/kg/min", **DOPA))
    ward.wait(20).rrg(sent, "23")
    ward.wait(5).oru(shown("B4", order="23", **{**GIVES, "rate": "63.8^mL/h", "weight": "170.0^kg"}))


@attack(Sign.CONTRADICTED)
def pump_goes_on_after_it_confirmed_the_stop(ward: Ward) -> None:
    dopamine(ward, "24", "B5")
    sent = ward.wait(600).rgv(ordered("24", "B5", "1^Dopamine", "", action="DC", vtbi=""))
    ward.wait(20).rrg(sent, "24")
    for _ in range(4):
        ward.wait(300).oru(shown("B5", order="24", **GIVES))


@attack(Sign.CONTRADICTED)
def titration_confirmed_and_never_carried_out(ward: Ward) -> None:
    dopamine(ward, "25", "B6", names=False)
    sent = ward.wait(600).rgv(ordered("26", "B6", "1^Dopamine", "2^ug/kg/min", action="XO", vtbi="", **DOPA))
    ward.wait(20).rrg(sent, "26")
    for _ in range(8):
        ward.wait(300).oru(shown("B6", **GIVES))


@attack(Sign.CONTRADICTED)
def no_number_and_no_patient_and_yet_another_rate(ward: Ward) -> None:
    body = "ORC|RE\nRXG|1|||1^Heparin|500||mL||||||||18|mL/h\nRXR|IV\nOBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||||||||X|||||||^^D1^V"
    sent = ward.rgv(body)
    ward.wait(20).rrg(sent, "")
    ward.wait(5).oru(shown("D1", patient="", drug="Heparin", rate="180^mL/h", vtbi="500^mL"))


@attack(Sign.CONTRADICTED)
def bolus_ten_times_as_large(ward: Ward) -> None:
    dopamine(ward, "27", "B7", names=False)
    sent = ward.wait(300).rgv(ordered("28", "B7", "1^Dopamine", "300^mL/h", vtbi="5^mL", action="CH", parent="27"))
    ward.wait(15).rrg(sent, "28")
    ward.wait(5).oru(shown("B7", order="28", drug="Dopamine", rate="300^mL/h", vtbi="50^mL"))


@attack(Sign.CONTRADICTED, Sign.ARITHMETIC)
def dose_in_the_report_looks_right_and_the_rate_is_not(ward: Ward) -> None:
    sent = ward.rgv(ordered("29", "B8", "1^Dopamine", "10^ug/kg/min", **DOPA))
    ward.wait(20).rrg(sent, "29")
    ward.wait(5).oru(shown("B8", order="29", **{**GIVES, "rate": "95.6^mL/h"}))


# --- arithmetic ---------------------------------------------------------------------------------------------------------------------------
@attack(Sign.ARITHMETIC)
def time_remaining_betrays_the_true_rate(ward: Ward) -> None:
    """200 mL at 31.9 mL/h last 376 minutes; the pump says 75: it gives five times as much."""
    dopamine(ward, "30", "C1")
    for left, time in (("200^mL", "75^min"), ("190^mL", "71^min")):
        ward.wait(300).oru(shown("C1", order="30", **GIVES, left=left, time=time))


# --- replayed, stale ----------------------------------------------------------------------------------------------------------------------
@attack(Sign.REPLAYED)
def replayed_with_the_clock_of_now_and_a_new_control_id(ward: Ward) -> None:
    dopamine(ward, "31", "D1")
    ward.wait(2400).rgv(ordered("31", "D1", "1^Dopamine", "10^ug/kg/min", **DOPA))


@attack(Sign.REPLAYED)
def replayed_on_the_same_conversation(ward: Ward) -> None:
    body = ordered("32", "D2", "1^Morphine", "5^mg/h", action="CH", mix="50^mg^50^mL", vtbi="5^mL")
    sent = ward.rgv(body)
    ward.wait(20).rrg(sent, "32")
    ward.wait(400)
    copy = ward.again(sent, conversation=sent.conversation)
    ward.ack(copy, "CA")


@attack(Sign.REPLAYED)
def bag_hung_again_a_day_later_byte_for_byte(ward: Ward) -> None:
    sent = ward.rgv(ordered("33", "D3", "1^Dopamine", "10^ug/kg/min", **DOPA))
    ward.wait(20).rrg(sent, "33")
    ward.wait(10).oru(shown("D3", order="33", **GIVES))
    ward.wait(86_400)
    ward.ack(ward.again(sent), "CA")


@attack(Sign.STALE, Sign.REPLAYED)
def written_yesterday_among_orders_of_today(ward: Ward) -> None:
    for n in range(5):
        sent = ward.rgv(ordered(f"34{n}", "D4", "1^Heparin", f"{10 + n}^mL/h", action="XO" if n else "RE", vtbi="", at=ward.now("IOP", 5)))
        ward.wait(20).rrg(sent, f"34{n}")
        ward.wait(10).oru(shown("D4", order=f"34{n}", drug="Heparin", rate=f"{10 + n}^mL/h"))
        ward.wait(400)
    ward.rgv(ordered("339", "D4", "1^Heparin", "40^mL/h", action="XO", vtbi="", at=ward.now("IOP", 86_400)))


@attack(Sign.FUTURE)
def stamped_two_days_ahead(ward: Ward) -> None:
    dopamine(ward, "35", "D5")
    for n in range(4):
        ward.wait(200).rgv(ordered(f"36{n}", "D5", "1^Dopamine", f"{10 + n}^ug/kg/min", action="XO", vtbi="", **DOPA))
    ward.wait(200).rgv(ordered("369", "D5", "1^Dopamine", "19^ug/kg/min", action="XO", vtbi="", **DOPA), made=ward.now("IOP", -172_800))
    ward.wait(60).rgv(ordered("370", "D5", "1^Dopamine", "12^ug/kg/min", action="XO", vtbi="", **DOPA))


# --- strangers ----------------------------------------------------------------------------------------------------------------------------
@attack(Sign.STRANGER)
def stranger_stops_the_infusion(ward: Ward) -> None:
    dopamine(ward, "40", "E1")
    ward.wait(600).rgv(ordered("40", "E1", "1^Dopamine", "", action="DC", vtbi=""), sender=("IOP", STRANGER))


@attack(Sign.STRANGER, Sign.UNCONFIRMED)
def stranger_confirms_in_place_of_the_pump(ward: Ward) -> None:
    dopamine(ward, "41", "E2")
    sent = ward.wait(600).rgv(ordered("42", "E2", "1^Dopamine", "30^ug/kg/min", action="XO", vtbi="", **DOPA))
    ward.wait(3).rrg(sent, "42", sender=STRANGER)
    ward.wait(3).oru(shown("E2", order="42", **{**GIVES, "dose": "30^ug/kg/min", "rate": "95.6^mL/h"}))
    ward.wait(700).oru(shown("E2", order="42", **{**GIVES, "dose": "30^ug/kg/min", "rate": "95.6^mL/h"}))


@attack(Sign.STRANGER)
def stranger_among_two_known_programmers(ward: Ward) -> None:
    dopamine(ward, "43", "E3")
    sent = ward.wait(300).rgv(ordered("44", "E4", "1^Heparin", "18^mL/h"), sender=("IOP-B", OTHER))
    ward.wait(20).rrg(sent, "44", to=OTHER)
    ward.wait(300).rgv(ordered("45", "E3", "1^Dopamine", "50^ug/kg/min", action="XO", vtbi="", **DOPA), sender=("IOP-C", STRANGER))


# --- without, before or against the confirmation ------------------------------------------------------------------------------------------
@attack(Sign.UNCONFIRMED)
def started_in_the_moment_of_the_order(ward: Ward) -> None:
    dopamine(ward, "50", "F1")
    sent = ward.wait(600).rgv(ordered("51", "F1", "1^Dopamine", "25^ug/kg/min", action="XO", vtbi="", **DOPA))
    ward.wait(1).oru(shown("F1", order="51", **{**GIVES, "dose": "25^ug/kg/min", "rate": "79.7^mL/h"}))
    ward.wait(40).rrg(sent, "51")


@attack(Sign.REFUSED)
def over_the_hard_limit_and_given_all_the_same(ward: Ward) -> None:
    sent = ward.rgv(ordered("52", "F2", "1^Dopamine", "90^ug/kg/min", **DOPA))
    ward.wait(5).rrg(sent, "52", "AR", "9024")
    ward.wait(40).oru(shown("F2", order="52", **{**GIVES, "dose": "90^ug/kg/min", "rate": "286.9^mL/h"}))


# --- without order, without foundation ----------------------------------------------------------------------------------------------------
@attack(Sign.UNORDERED)
def ten_times_the_ordered_rate_from_nowhere(ward: Ward) -> None:
    """The same bag and the same order run on, nobody is named, and the dose jumps tenfold: no weaning and no titration does that."""
    dopamine(ward, "60", "G1")
    for given in ("40^mL", "45^mL"):
        ward.wait(300).oru(shown("G1", order="60", given=given, **GIVES))
    fast = {**GIVES, "dose": "100^ug/kg/min", "rate": "318.8^mL/h"}
    ward.wait(60).oru(shown("G1", order="60", given="50^mL", **fast))
    ward.wait(60).oru(shown("G1", order="60", given="55^mL", **fast))


@attack(Sign.UNORDERED, Sign.CONTRADICTED)
def drug_changes_while_the_bag_runs_on(ward: Ward) -> None:
    dopamine(ward, "61", "G2")
    ward.wait(60).oru(shown("G2", order="61", given="40^mL", **GIVES))
    ward.wait(60).oru(shown("G2", order="61", given="42^mL", **{**GIVES, "drug": "Epinephrine"}))


@attack(Sign.UNFOUNDED)
def rate_change_starts_a_pump_that_stood_still(ward: Ward) -> None:
    for _ in range(3):
        ward.wait(60).oru(shown("G3", status="pump-status-not-infusing", rate="0^mL/h"))
    sent = ward.rgv(ordered("62", "G3", "1^Dopamine", "10^ug/kg/min", action="XO", vtbi="", **DOPA))
    ward.wait(20).rrg(sent, "62")
    ward.wait(5).oru(shown("G3", order="62", **GIVES))


@attack(Sign.UNFOUNDED)
def bolus_for_an_order_that_this_pump_does_not_run(ward: Ward) -> None:
    dopamine(ward, "63", "G4")
    sent = ward.wait(300).rgv(ordered("64", "G4", "1^Dopamine", "300^mL/h", vtbi="5^mL", action="CH", parent="9999"))
    ward.wait(15).rrg(sent, "64")
    ward.wait(5).oru(shown("G4", order="64", drug="Dopamine", rate="300^mL/h", vtbi="5^mL"))


# --- alarms -------------------------------------------------------------------------------------------------------------------------------
@attack(Sign.ALARM_SILENCED)
def sound_off_for_good(ward: Ward) -> None:
    ward.oru(alarmed("start", value="85"), "R40", sender=("MON", MONITOR))
    ward.wait(20).oru(alarmed("update", silence="audio-paused", value="84"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("update", silence="audio-off", value="80"), "R40", sender=("MON", MONITOR))


@attack(Sign.ALARM_SILENCED)
def pause_that_does_not_end(ward: Ward) -> None:
    """A pause of the sound is over after minutes; here it lasts an hour while the patient desaturates."""
    ward.oru(alarmed("start", value="86"), "R40", sender=("MON", MONITOR))
    for n in range(12):
        ward.wait(300).oru(alarmed("continue", silence="audio-paused", value=f"{86 - n}"), "R40", sender=("MON", MONITOR))


@attack(Sign.ALARM_SILENCED)
def alarm_off_before_anything_happens(ward: Ward) -> None:
    """First the alarm is on and ends by itself; then it is switched off in quiet, with nobody named, and so never comes again."""
    ward.oru(alarmed("start", value="86"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("end", state="inactive", value="95"), "R40", sender=("MON", MONITOR))
    ward.wait(600).oru(alarmed("update", state="inactive", silence="alarm-off", value="95"), "R40", sender=("MON", MONITOR))


@attack(Sign.ALARM_ENDED)
def ends_while_the_value_is_still_out_of_bounds(ward: Ward) -> None:
    ward.oru(alarmed("start", value="86"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("end", state="inactive", value="78"), "R40", sender=("MON", MONITOR))


@attack(Sign.ALARM_LIMITS)
def lower_limit_taken_away(ward: Ward) -> None:
    ward.oru(alarmed("start", value="86"), "R40", sender=("MON", MONITOR))
    ward.wait(60).oru(alarmed("end", state="inactive", value="95", limits="<100"), "R40", sender=("MON", MONITOR))


@attack(Sign.ALARM_LIMITS)
def limits_widened_in_a_plain_report(ward: Ward) -> None:
    row = "PID|||4711^^^H^MR\nOBR|1\nOBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||M9^MAKER\n"
    row += "OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.1|{}|264864^MDC_DIM_BEAT_PER_MIN^MDC|{}||||R"
    for value, limits in (("80", "50-120"), ("82", "50-120"), ("84", "20-250")):
        ward.wait(60).oru(row.format(value, limits), sender=("MON", MONITOR))


@attack(Sign.ALARM_STRANGER)
def stranger_ends_the_alarm(ward: Ward) -> None:
    ward.oru(alarmed("start", value="84"), "R40", sender=("MON", MONITOR))
    ward.wait(10).oru(alarmed("end", state="inactive", value="96"), "R40", sender=("MONX", STRANGER))


@attack(Sign.ALARM_STRANGER)
def stranger_borrows_the_name_of_the_alarm_reporter(ward: Ward) -> None:
    ward.oru(alarmed("start", value="84"), "R40", sender=("MON", MONITOR))
    ward.wait(10).oru(alarmed("end", state="inactive", value="96"), "R40", sender=("MON", STRANGER))


@attack(Sign.ALARM_PRIORITY)
def priority_lowered_step_by_step(ward: Ward) -> None:
    ward.oru(alarmed("start", value="84"), "R40", sender=("MON", MONITOR))
    ward.wait(20).oru(alarmed("continue", value="83", priority="PM"), "R40", sender=("MON", MONITOR))
    ward.wait(20).oru(alarmed("continue", value="82", priority="PL"), "R40", sender=("MON", MONITOR))


@attack(Sign.STALE)
def one_order_of_yesterday_from_a_sender_that_says_nothing_else(ward: Ward) -> None:
    """The pump's side keeps the right time, and so would the programmer."""
    sent = ward.rgv(ordered("70", "H1", "1^Heparin", "18^mL/h"), made=ward.now("IOP", 86_400))
    ward.wait(20).rrg(sent, "70")
    ward.wait(5).oru(shown("H1", order="70", drug="Heparin", rate="18^mL/h", vtbi="250^mL"))
