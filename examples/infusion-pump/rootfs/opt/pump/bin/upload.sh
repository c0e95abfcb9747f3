#!/bin/sh
# Hands the day's infusion log to the gateway.
LOG=/var/log/pump/infusions.csv
curl -s -u pumplog:Quiet-Meadow-58 -T "$LOG" http://gateway.hospital.example/logs/
# Field service collects the crash dumps.
sshpass -p 'Copper-Kettle-31' scp -o StrictHostKeyChecking=no -r /var/crash service@support.pumpmaker.example:/in/
