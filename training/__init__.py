"""How the reader that ships with askbrief is made: prepare, train, export, calibrate, evaluate."""
