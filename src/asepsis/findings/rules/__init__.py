"""All rules, in one list. A new rule is a file in one of the folders and a line here."""

from __future__ import annotations

from asepsis.findings.rule import Rule, as_rule
from asepsis.findings.rules.access import (
    any_programmer_obeyed,
    commanding_part_open,
    debug_agent,
    ftp_service,
    hardware_access_open,
    open_wifi_access_point,
    remote_desktop_service,
    remote_shell,
    remote_support_agent,
    second_root_account,
    serial_console,
    service_without_authentication,
    snmp_community_default,
    ssh_password_service,
    telnet_service,
    tftp_service,
    vnc_service,
    windows_auto_logon,
)
from asepsis.findings.rules.availability import (
    battery_drain_by_radio,
    crash_on_malformed_input,
    decompression_bomb,
    device_fell_silent,
    flood_observed,
    hostile_container,
    reflecting_service,
)
from asepsis.findings.rules.communication import (
    dose_tampering,
    flow_in_clear,
    flow_replayable,
    flow_to_outside_address,
    flow_without_authentication,
    password_sent_in_clear,
    patient_data_exposed,
    peer_not_checked,
    radio_link_replayable,
    radio_link_unprotected,
    radio_session_unlimited,
    weak_tls,
)
from asepsis.findings.rules.secrets import (
    authorized_key_shipped,
    certificate_expired,
    default_password,
    embedded_credential,
    empty_password,
    hard_coded_password,
    private_key_in_image,
    radio_key_same_in_every_unit,
    recoverable_secret,
    secret_in_log,
    stored_network_login,
    weak_certificate,
    weak_password_hash,
    wifi_secret_derived,
    wifi_secret_in_clear,
)
from asepsis.findings.rules.software import (
    component_out_of_support,
    hardening_absent,
    known_vulnerability,
    operating_system_out_of_support,
    protection_out_of_date,
    undeclared_software,
)
from asepsis.findings.rules.update import (
    older_version_accepted,
    unsigned_update,
    update_over_unprotected_transport,
)

RULES: tuple[Rule, ...] = tuple(
    as_rule(module)
    for module in (
        # secrets
        authorized_key_shipped,
        certificate_expired,
        default_password,
        embedded_credential,
        empty_password,
        hard_coded_password,
        private_key_in_image,
        radio_key_same_in_every_unit,
        recoverable_secret,
        secret_in_log,
        stored_network_login,
        weak_certificate,
        weak_password_hash,
        wifi_secret_derived,
        wifi_secret_in_clear,
        # access
        any_programmer_obeyed,
        commanding_part_open,
        debug_agent,
        ftp_service,
        hardware_access_open,
        open_wifi_access_point,
        remote_desktop_service,
        remote_shell,
        remote_support_agent,
        second_root_account,
        serial_console,
        service_without_authentication,
        snmp_community_default,
        ssh_password_service,
        telnet_service,
        tftp_service,
        vnc_service,
        windows_auto_logon,
        # communication
        dose_tampering,
        flow_in_clear,
        flow_replayable,
        flow_to_outside_address,
        flow_without_authentication,
        password_sent_in_clear,
        patient_data_exposed,
        peer_not_checked,
        radio_link_replayable,
        radio_link_unprotected,
        radio_session_unlimited,
        weak_tls,
        # availability
        battery_drain_by_radio,
        crash_on_malformed_input,
        decompression_bomb,
        device_fell_silent,
        flood_observed,
        hostile_container,
        reflecting_service,
        # software
        component_out_of_support,
        hardening_absent,
        known_vulnerability,
        operating_system_out_of_support,
        protection_out_of_date,
        undeclared_software,
        # update
        older_version_accepted,
        unsigned_update,
        update_over_unprotected_transport,
    )
)
"""Every rule, by folder. The order does not matter to results; they are sorted."""
