"""The screens, one a file: each reads, computes and draws, in that order. `ui/main.py` names them by path."""
