"""``python -m pactrisk``."""

from pactrisk.cli import main

if __name__ == "__main__":
    main()
