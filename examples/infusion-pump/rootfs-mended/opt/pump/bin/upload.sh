#!/bin/sh
# Hands the day's infusion log to the gateway; both sides show a certificate.
LOG=/var/log/pump/infusions.csv
CERTS=/data/certs
curl -s --cacert "$CERTS/gateway-ca.pem" --cert "$CERTS/pump.pem" --key "pkcs11:token=pump;object=gateway;type=private" \
    -T "$LOG" https://gateway.hospital.example/logs/
