#!/bin/sh
# Fetches the newest software and unpacks it over the running system.
BASE=http://updates.pumpmaker.example/infusion-pump
cd /tmp || exit 1
wget -q -O update.tar.gz "$BASE/latest.tar.gz" || exit 0
tar -xzf update.tar.gz -C /
reboot
