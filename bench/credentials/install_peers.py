"""Install the peers of the benchmark, each into a virtual environment of its own under build/peers, where nothing of ours can import them.

python bench/credentials/install_peers.py
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

PEERS = {"detect-secrets": "detect-secrets==1.5.0", "cve-bin-tool": "cve-bin-tool==3.4"}


def main() -> int:
    """Say of each peer whether it is there now."""
    missing = 0
    for name, wanted in PEERS.items():
        folder = Path("build/peers") / name
        if not (folder / "bin" / name).exists():
            venv.create(folder, with_pip=True, clear=True)
            done = subprocess.run([folder / "bin" / "pip", "install", "--quiet", wanted], capture_output=True, text=True, check=False)
            missing += bool(done.returncode)
        print(f"{name}: {'installed' if (folder / 'bin' / name).exists() else 'could not be installed'}")
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
