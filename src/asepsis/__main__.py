"""``python -m asepsis`` is the command line."""

from asepsis.cli.main import main

if __name__ == "__main__":
    main()
