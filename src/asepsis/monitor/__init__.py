"""Watch traffic while it passes: alarms as they happen, to whoever should know."""
