"""Files that people bring (CSV) → checked values, or everything that is wrong with them at once. Pure."""
