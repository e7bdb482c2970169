"""The article of a web page, in the order of the way: metadata, boilerplate, layout, selection; and pages
that are exports of a word processor or of Telegram."""
