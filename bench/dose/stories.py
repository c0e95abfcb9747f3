"""The stories of the labelled set: what attackers do to orders and alarms, and what wards do every day."""

from __future__ import annotations

from dataclasses import replace

from asepsis.model.dose import Sign
from dose.exchanges import ANSWER_PORT, PUMPS, SECOND, STRANGER, Story, again, attack, benign

RELAY = ("RELAY", SECOND)


def _altered(story: Story, old: str, new: str) -> None:
    """An order to a relay, and its altered copy to the pumps' side."""
    sent = story.order(port=ANSWER_PORT, ack=False)
    story.wait(0.05)
    mark = story.dialect.marks[0].encode()
    forged = again(sent, story, hearer=(PUMPS, 3000), message=sent.message.replace(mark + old.encode() + mark, mark + new.encode() + mark))
    assert forged.message != sent.message
    story.ack(forged)


# --- attacks ---------------------------------------------------------------------------------------------------------------------------


@attack(Sign.ALTERED)
def rate_altered_on_the_way(story: Story) -> None:
    _altered(story, story.values["rate"], story.later(9))


@attack(Sign.ALTERED)
def rate_altered_by_a_tenth(story: Story) -> None:
    _altered(story, story.values["rate"], story.later(1.1))


@attack(Sign.ALTERED)
def volume_altered_on_the_way(story: Story) -> None:
    story.values["vtbi"] = "120"
    _altered(story, "120", "480")


@attack(Sign.ALTERED)
def weight_altered_on_the_way(story: Story) -> None:
    story.values["rate_unit"], story.values["amount_unit"] = "ug/kg/min", "mg"
    _altered(story, story.values["weight"], "140.0")


@attack(Sign.ALTERED)
def altered_by_a_relay_with_its_own_control_id(story: Story) -> None:
    story.order(whom=RELAY)
    story.wait(0.3)
    story.order(who=RELAY, rate=story.later(4))


@attack(Sign.ALTERED)
def retry_altered_on_the_same_path(story: Story) -> None:
    sent = story.order(ack=False)
    story.wait(5)
    old = story.dialect.marks[1].encode() + story.values["drug"].encode()
    forged = again(sent, story, message=sent.message.replace(old, old[:1] + b"Potassium chloride"))
    assert forged.message != sent.message
    story.ack(forged)


@attack(Sign.CONTRADICTED)
def pump_gives_nine_times_the_dose(story: Story) -> None:
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(15)
    dose = story.later(9)
    story.report(dose=dose)


@attack(Sign.CONTRADICTED)
def pump_names_the_order_and_gives_another_rate(story: Story) -> None:
    story.order()
    story.wait(60)
    story.report(names=True, dose=story.later(2))


@attack(Sign.CONTRADICTED)
def report_without_any_confirmation_differs(story: Story) -> None:
    story.order()
    story.wait(45)
    story.report(dose=story.later(3))
    story.wait(60)
    story.report(dose=story.later(3))


@attack(Sign.CONTRADICTED)
def pump_turns_to_a_third_rate_after_a_titration(story: Story) -> None:
    story.normal()
    first = story.values["rate"]
    story.wait(600)
    story.order(action="XO", rate=story.later(1.2), vtbi="")
    story.wait(40)
    story.report(dose=f"{float(first) * 6:.4g}", vtbi="")


@attack(Sign.CONTRADICTED)
def pump_reports_another_drug(story: Story) -> None:
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(15)
    story.report(drug="Potassium chloride")


@attack(Sign.CONTRADICTED)
def pump_reports_another_patient(story: Story) -> None:
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(15)
    story.report(patient="4400177", names=True)


@attack(Sign.CONTRADICTED)
def another_pump_carries_it_out(story: Story) -> None:
    story.order()
    story.wait(40)
    story.report(names=True, pump="P0000")


@attack(Sign.CONTRADICTED)
def volume_to_be_infused_is_four_times_that_ordered(story: Story) -> None:
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(15)
    story.report(vtbi=str(4 * int(story.values["vtbi"])))


@attack(Sign.ARITHMETIC, Sign.CONTRADICTED)
def rate_does_not_fit_the_reported_dose(story: Story) -> None:
    story.order()
    story.wait(40)
    story.report(names=True, flow=str(story.flow() * 3))


@attack(Sign.ARITHMETIC)
def rate_does_not_fit_the_dose_without_any_order(story: Story) -> None:
    story.report(flow=str(story.flow() * 1.8))


@attack(Sign.REPLAYED)
def order_replayed_an_hour_later(story: Story) -> None:
    sent = story.normal()
    story.wait(3600)
    story.ack(again(sent, story))


@attack(Sign.REPLAYED)
def bolus_replayed_by_another_host(story: Story) -> None:
    sent = story.order(action="CH")
    story.wait(20)
    story.confirm(sent)
    story.wait(90)
    story.ack(again(sent, story, speaker=(STRANGER, 51111)))


@attack(Sign.REPLAYED)
def order_replayed_under_a_new_control_id(story: Story) -> None:
    story.normal()
    story.wait(1800)
    story.order()


@attack(Sign.STRANGER)
def order_from_an_unknown_host_as_the_known_programmer(story: Story) -> None:
    story.normal()
    story.wait(700)
    story.order(who=("IOP", STRANGER), order="66601", rate=story.later(5), action="XO", vtbi="")


@attack(Sign.STRANGER)
def order_from_an_unknown_application(story: Story) -> None:
    story.normal()
    story.wait(700)
    story.order(who=("EVIL", STRANGER), order="66602", rate=story.later(5))


@attack(Sign.STALE)
def order_of_yesterday(story: Story) -> None:
    story.normal()
    story.wait(300)
    story.values["order"] = "999001"
    for rate in (1.1, 1.2):
        story.order(action="XO", rate=story.later(rate), vtbi="")
        story.wait(300)
    story.order(
        action="XO", order="999002", rate=story.later(2), made=story.stamp("IOP", minus=26 * 3600), ordered=story.stamp("IOP", minus=26 * 3600)
    )
    story.wait(120)
    story.report()


@attack(Sign.FUTURE)
def order_of_tomorrow(story: Story) -> None:
    for number in range(4):
        story.order(action="XO", order=f"70{number}", vtbi="")
        story.wait(400)
    story.order(action="XO", order="7009", vtbi="", made=story.stamp("IOP", minus=-86_400))
    story.wait(200)
    story.order(action="XO", order="7010", vtbi="")


@attack(Sign.UNCONFIRMED)
def pump_starts_before_the_confirmation(story: Story) -> None:
    sent = story.order()
    story.wait(5)
    story.report()
    story.wait(50)
    story.confirm(sent)


@attack(Sign.UNCONFIRMED)
def pump_starts_without_any_confirmation(story: Story) -> None:
    story.normal()
    story.wait(900)
    story.order(order="82001", rate=story.later(1.5))
    story.wait(8)
    story.report()
    story.wait(900)
    story.report()


@attack(Sign.REFUSED)
def refused_and_carried_out_all_the_same(story: Story) -> None:
    story.normal()
    story.wait(300)
    sent = story.order(order="82002", rate=story.later(4))
    story.wait(10)
    story.confirm(sent, "AE", error="9023")
    story.wait(20)
    story.report()


@attack(Sign.ALARM_SILENCED)
def alarm_switched_off_while_it_lasts(story: Story) -> None:
    story.alarm("start")
    story.wait(20)
    story.alarm("update", silence="alarm-off")


@attack(Sign.ALARM_SILENCED)
def alarm_silenced_by_another_host(story: Story) -> None:
    story.alarm("start")
    story.wait(20)
    story.alarm("continue", who=("MON2", STRANGER), silence="audio-off")


@attack(Sign.ALARM_PRIORITY)
def priority_lowered_while_the_value_falls(story: Story) -> None:
    story.alarm("start")
    story.wait(20)
    story.alarm("update", priority="PL", value="79")


@attack(Sign.ALARM_LIMITS)
def limits_widened_during_the_alarm(story: Story) -> None:
    story.alarm("start")
    story.wait(30)
    story.alarm("continue", limits="70-100", value="85")


@attack(Sign.ALARM_ENDED)
def alarm_ends_that_never_began(story: Story) -> None:
    story.alarm("start")
    story.wait(60)
    story.alarm("end", state="inactive", value="95")
    story.wait(600)
    story.alarm("end", state="inactive", condition="196940^MDC_EVT_FLUID_LINE_OCCL^MDC", metric="")


# --- everyday ----------------------------------------------------------------------------------------------------------------------------


@benign
def ordered_confirmed_and_carried_out(story: Story) -> None:
    story.normal()


@benign
def dose_ordered_and_rate_reported(story: Story) -> None:
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(20)
    story.report(unit="mL/h", flow=str(story.flow()))


@benign
def rate_ordered_and_dose_reported(story: Story) -> None:
    dose, unit = story.values["rate"], story.values["rate_unit"]
    flow = round(story.flow(), 1)
    sent = story.order(rate=f"{flow:g}", rate_unit="mL/h")
    story.wait(20)
    story.confirm(sent)
    story.wait(20)
    per_ml = flow / story.flow(dose, unit)
    story.report(unit=unit, dose=f"{float(dose) * per_ml:.2f}", flow=str(flow))


@benign
def micrograms_ordered_and_milligrams_an_hour_reported(story: Story) -> None:
    story.values |= {"rate": "4.5", "rate_unit": "ug/kg/min", "amount": "200", "amount_unit": "mg", "volume": "250", "drug": "Dobutamine"}
    story.conc = 0.8
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(20)
    story.report(unit="mg/h", dose=f"{4.5 * story.weight * 0.06:.2f}", flow=str(story.flow()))


@benign
def rounding_to_what_the_pump_can_be_set_to(story: Story) -> None:
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(20)
    flow = round(story.flow(), 1)
    dose = float(story.values["rate"]) * flow / story.flow()
    story.report(dose=f"{dose:.3g}", flow=str(flow))


@benign
def weight_in_pounds(story: Story) -> None:
    story.values |= {"weight": f"{story.weight / 0.45359237:.1f}", "weight_unit": "[lb_av]"}
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(20)
    story.report()


@benign
def sent_again_because_nobody_answered(story: Story) -> None:
    sent = story.order(ack=False)
    story.wait(30)
    again(sent, story)
    story.wait(30)
    last = again(sent, story)
    story.wait(0.2)
    story.ack(last)
    story.wait(20)
    story.confirm(sent)
    story.wait(5)
    story.report()


@benign
def sent_again_while_the_answer_was_on_its_way(story: Story) -> None:
    sent = story.order(ack=False)
    story.wait(10)
    second = again(sent, story)
    story.wait(0.2)
    story.ack(sent)
    story.ack(second)


@benign
def sent_again_after_it_was_refused(story: Story) -> None:
    sent = story.order(code="CE")
    story.wait(30)
    story.ack(again(sent, story))
    story.wait(20)
    story.confirm(sent)


@benign
def seen_at_two_places(story: Story) -> None:
    sent = story.order(port=ANSWER_PORT, ack=False)
    story.wait(0.02)
    copy = again(sent, story, speaker=(SECOND, 42222), hearer=(PUMPS, 3000))
    story.ack(copy)
    story.ack(sent)
    story.wait(30)
    story.confirm(sent)
    story.wait(5)
    story.report()


@benign
def relay_writes_the_rate_in_other_units(story: Story) -> None:
    story.values |= {"rate": "6", "rate_unit": "ug/kg/min", "amount": "400", "amount_unit": "mg", "volume": "250", "drug": "Dopamine"}
    story.conc = 1.6
    story.order(whom=RELAY)
    story.wait(0.3)
    story.order(who=RELAY, rate=f"{story.flow():.1f}", rate_unit="mL/h")


@benign
def clock_of_the_programmer_is_twenty_minutes_slow(story: Story) -> None:
    story.skew["IOP"] = -1200
    story.normal()
    story.wait(500)
    for number in range(3):
        sent = story.order(action="XO", rate=story.later(1.1), vtbi="", order=f"4{number}")
        story.wait(20)
        story.confirm(sent)
        story.wait(20)
        story.report(vtbi="")
        story.wait(500)


@benign
def clock_was_set_in_between(story: Story) -> None:
    story.skew["IOP"] = -1200
    story.dialect = replace(story.dialect, answers="ER")
    for number in range(6):
        story.skew["IOP"] = -1200 if number < 3 else 0
        story.order(action="XO", rate=story.later(1.05), vtbi="", order=f"5{number}")
        story.wait(400)


@benign
def daylight_saving_begins(story: Story) -> None:
    for number in range(5):
        story.zone_shift["IOP"] = int(number >= 3)
        sent = story.order(action="XO", rate=story.later(1.05), vtbi="", order=f"6{number}")
        story.wait(20)
        story.confirm(sent)
        story.wait(20)
        story.report(vtbi="")
        story.wait(400)


@benign
def titrated_up_and_down_again(story: Story) -> None:
    story.normal()
    for factor in (1.2, 1.2, 1 / 1.2, 1 / 1.2):
        story.wait(600)
        sent = story.order(action="XO", rate=story.later(factor), vtbi="")
        story.wait(5)
        old = f"{float(story.values['rate']) / factor:.4g}"
        story.report(names=True, dose=old, vtbi="")
        story.wait(20)
        story.confirm(sent)
        story.wait(15)
        story.report(names=True, vtbi="")


@benign
def titrated_through_a_relay(story: Story) -> None:
    for factor in (1, 1.2, 1.2):
        sent = story.order(whom=RELAY, action="XO", rate=story.later(factor), vtbi="")
        story.wait(0.2)
        story.order(who=RELAY, action="XO", vtbi="")
        story.wait(20)
        story.confirm(sent)
        story.wait(5)
        story.report(vtbi="")


@benign
def bolus_on_a_running_infusion(story: Story) -> None:
    story.normal(names=False)
    before = dict(story.values)
    story.wait(300)
    sent = story.order(action="CH", order="90001", parent=before["order"], rate=story.later(5), vtbi="5")
    story.wait(15)
    story.confirm(sent)
    story.wait(5)
    story.report()
    story.values = before
    story.wait(120)
    story.report()
    story.wait(300)
    story.report()


@benign
def rate_changed_at_the_pump(story: Story) -> None:
    story.normal()
    story.wait(900)
    story.report(names=True, dose=story.later(1.3))
    story.wait(300)
    story.report(names=True, dose=story.later(1.3))


@benign
def pump_set_at_the_bedside_without_any_order(story: Story) -> None:
    story.report()
    for factor in (1.5, 0.7):
        story.wait(300)
        story.report(dose=story.later(factor))


@benign
def two_gateways_take_turns(story: Story) -> None:
    story.normal()
    other = dict(story.values)
    story.wait(200)
    second = ("IOP-B", SECOND)
    sent = story.order(who=second, order="31001", pump="P0002", patient="5551")
    story.wait(20)
    story.confirm(sent, whom=second)
    story.wait(5)
    story.report()
    story.values = other
    story.wait(500)
    sent = story.order(who=second, order="31002", action="XO", rate=story.later(1.1), vtbi="")
    story.wait(20)
    story.confirm(sent, whom=second)
    story.wait(5)
    story.report(vtbi="")


@benign
def orders_for_three_pumps_in_turn(story: Story) -> None:
    for number in range(3):
        story.values |= {"pump": f"P01{number}", "order": f"200{number}", "patient": f"77{number}", "rate": story.later(1.4)}
        story.given = 0.0
        story.normal()


@benign
def pump_restarted_and_programmed_again(story: Story) -> None:
    story.normal()
    story.wait(300)
    story.report(status="pump-status-not-infusing", dose="0", flow="0.0001")
    story.wait(60)
    sent = story.order()
    story.wait(20)
    story.confirm(sent)
    story.wait(10)
    story.report()


@benign
def control_ids_begin_anew_after_a_restart(story: Story) -> None:
    story.normal()
    story.order(order="1001", control="1", action="XO", vtbi="")
    story.wait(3600)
    story.order(order="1002", control="1", action="XO", rate=story.later(1.5), vtbi="")


@benign
def old_settings_until_the_nurse_confirms(story: Story) -> None:
    story.report()
    first = story.values["rate"]
    story.wait(60)
    sent = story.order(action="XO", rate=story.later(1.5), vtbi="")
    for _ in range(3):
        story.wait(30)
        story.report(dose=first)
    story.confirm(sent)
    story.wait(5)
    story.report(dose=first)
    story.wait(10)
    story.report()


@benign
def keep_open_rate_at_the_end(story: Story) -> None:
    story.normal()
    story.wait(3600)
    story.report(names=True, status="pump-delivery-status-kvo", flow="1.0", dose=story.later(0.05))


@benign
def corrected_after_a_refusal(story: Story) -> None:
    sent = story.order(rate=story.later(30))
    story.wait(10)
    story.confirm(sent, "AE", error="9005")
    story.wait(60)
    sent = story.order(rate=story.later(1 / 30))
    story.wait(20)
    story.confirm(sent)
    story.wait(5)
    story.report()


@benign
def alarm_paused_and_ended(story: Story) -> None:
    story.alarm("start")
    story.wait(15)
    story.alarm("update", silence="audio-paused")
    story.wait(60)
    story.alarm("end", state="inactive", value="95")


@benign
def alarm_of_lower_priority_as_the_value_recovers(story: Story) -> None:
    story.alarm("start", value="78")
    story.wait(20)
    story.alarm("update", priority="PM", value="87")
    story.wait(20)
    story.alarm("end", state="inactive", value="96")


@benign
def limits_narrowed(story: Story) -> None:
    story.alarm("start")
    story.wait(40)
    story.alarm("end", state="inactive", limits="92-100", value="97")


@benign
def alarm_that_began_before_the_capture(story: Story) -> None:
    story.alarm("end", state="inactive", value="97")
