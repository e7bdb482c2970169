#!/bin/sh
# tantivy 0.26.0 and 0.27.0
#
# One would guess: an index that a new version of a search library opens without an error, in the same index format, finds
# what the old one found; a stemmer that changes what it makes of words would come with a new format or an error.
# Seen: an index written by tantivy 0.26.0 opens under 0.27.0, and words that both versions stem with `Filter.stemmer("english")`
# are no longer found, since the stems differ: the index holds those of 0.26.0, the question gives those of 0.27.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/stems.py" <<'PYTHON'
import pathlib
import sys

import tantivy

WORDS = "university international added emergency bridge harbour minister".split()
where = pathlib.Path(sys.argv[2])
builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
analyzer = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("english")).build()
schema = tantivy.SchemaBuilder().add_text_field("text", stored=True, tokenizer_name="english_stems").build()
if sys.argv[1] == "write":
    where.mkdir()
    index = tantivy.Index(schema, path=str(where))
    index.register_tokenizer("english_stems", analyzer)
    writer = index.writer()
    for word in WORDS:
        writer.add_document(tantivy.Document(text=word))
    writer.commit()
    writer.wait_merging_threads()
index = tantivy.Index.open(str(where))
index.register_tokenizer("english_stems", analyzer)
index.reload()
searcher = index.searcher()
found = [word for word in WORDS if searcher.search(index.parse_query(word, ["text"])).hits]
print(f"{tantivy.__version__}: not found: {' '.join(sorted(set(WORDS) - set(found))) or 'none'}")
PYTHON

for version in 0.26.0 0.27.0; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "tantivy==$version"
done
written=$("$folder/0.26.0/bin/python" "$folder/stems.py" write "$folder/index")
opened=$("$folder/0.27.0/bin/python" "$folder/stems.py" read "$folder/index")
echo "$written"
echo "$opened"
case $written in *": none") ;; *) echo "    changed: 0.26.0 doesn't find its own words"; exit 1 ;; esac
case $opened in *university*) ;; *) echo "    changed: 0.27.0 finds what 0.26.0 wrote"; exit 1 ;; esac
