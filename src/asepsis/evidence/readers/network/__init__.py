"""Readers of the stores where a device keeps what lets it into networks and into the services behind them."""
