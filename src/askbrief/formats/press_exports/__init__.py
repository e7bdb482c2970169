"""Exports of press databases (Nexis, Factiva, ProQuest): many articles in one file, split at the lines that
begin or end each, and each read with the headline, date, source and author that stand above it."""
